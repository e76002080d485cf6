internal import CSystem

/// The program beside a device. It speaks ``DeviceProtocol`` on its standard input and output until its
/// input ends; whoever started it has no other way to it.
@main
struct SrprofWorker {
  static func main() {
    // An interruption of the host's terminal is the host's to handle.
    for signal in [SIGPIPE, SIGINT, SIGHUP] { system_ignore(signal) }
    // Drivers print. Whatever they say must not come between frames.
    let output = dup(STDOUT_FILENO)
    dup2(STDERR_FILENO, STDOUT_FILENO)
    guard output >= 0 else { exit(71) }
    var supervisor = Supervisor(host: Channel(reading: STDIN_FILENO, writing: output))
    exit(supervisor.run())
  }
}
