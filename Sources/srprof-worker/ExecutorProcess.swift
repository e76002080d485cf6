internal import CSystem
internal import DeviceProtocol

/// A child of the supervisor's that loads the driver.
///
/// It is a copy of the supervisor, which has one thread and no driver, so that nothing has to be found or
/// started by name.
struct ExecutorProcess {
  /// To and from the child; writing never waits.
  let channel: Channel
  private let process: Int32

  /// Starts one, in which `descriptors` of the supervisor's are closed. `nil` if the system has no room for
  /// it.
  init?(closing descriptors: [Int32]) {
    var pair: [Int32] = [-1, -1]
    guard system_socket_pair(&pair) == 0 else { return nil }
    let supervisor = getpid()
    let child = system_fork()
    guard child >= 0 else {
      close(pair[0])
      close(pair[1])
      return nil
    }
    if child == 0 {
      _ = system_end_with_parent()
      // The supervisor may have ended just before.
      guard getppid() == supervisor else { _exit(0) }
      _ = system_set_name("srprof-executor")
      for descriptor in descriptors + [pair[0]] { close(descriptor) }
      // Descriptor 0 is free now, and no driver shall take it.
      _ = system_open_to_read("/dev/null")
      let executor = Executor(supervisor: Channel(reading: pair[1], writing: pair[1]))
      executor.run()
      // Without what drivers do at exit: some hang there.
      _exit(0)
    }
    close(pair[1])
    _ = system_set_nonblocking(pair[0])
    channel = Channel(reading: pair[0], writing: pair[0])
    process = child
  }

  /// Ends the child, unless it has ended already, and says how it ended.
  func end() -> ExecutorEnd {
    var status: Int32 = 0
    // A child that has closed its end is about to end by itself: a moment tells its own way from ours.
    var ended: Int32 = 0
    for _ in 0..<20 {
      ended = waitpid(process, &status, WNOHANG)
      if ended != 0 || system_is_closed(channel.input) == 0 { break }
      usleep(5000)
    }
    if ended == 0 {
      kill(process, SIGKILL)
      waitpid(process, &status, 0)
    }
    close(channel.input)
    return ExecutorEnd(
      signal: system_status_signal(status), exitCode: system_status_code(status))
  }
}
