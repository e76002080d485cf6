# For the scripts beside it: runs the script that has sourced this again, with its arguments, in namespaces of its
# own with a network that is up. Exits with 77 where this system does not allow them.
#   isolate UNSHARE-OPTIONS -- ARGUMENTS
isolate() {
  local options=()
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  shift
  if [ -z "${SRPROF_IN_NETWORK:-}" ]; then
    [ "$(id -u)" -eq 0 ] || options=(--user --map-root-user "${options[@]}")
    unshare "${options[@]}" true 2>/dev/null || exit 77
    SRPROF_IN_NETWORK=1 exec unshare "${options[@]}" "$0" "$@"
  fi
  ip link set lo up
}
