// The part of the C library that a worker is made of: what glibc and Android's C library both have.
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Macros, variadic functions and calls that Swift does not see, or sees differently for different C
// libraries.
static inline int system_error(void) { return errno; }
static inline int system_error_again(void) { return EAGAIN; }
static inline int system_error_interrupted(void) { return EINTR; }
static inline int system_status_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }
static inline int system_status_code(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 0; }
static inline void system_ignore(int number) { signal(number, SIG_IGN); }
static inline int system_open_to_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }
static inline int system_open_lock(const char *path) {
  return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
}
static inline int system_set_nonblocking(int descriptor) {
  return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}
static inline int system_socket_pair(int *descriptors) {
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors);
}
static inline int system_fork(void) { return fork(); }
// Ends this process when the thread that made it ends.
static inline int system_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }
static inline int system_set_name(const char *name) { return prctl(PR_SET_NAME, name); }
// Whether the other end of a socket is closed and everything it sent was read.
static inline int system_is_closed(int descriptor) {
  char byte;
  return recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}
