internal import CProcess
internal import Glibc

/// A child process with both ends of its input and output, and what it said on its error output.
final class Subprocess {
  /// To the child's input and from its output; never waits.
  let descriptor: Int32
  /// The child's error output, where it is listened to; -1 otherwise.
  let errors: Int32
  private let process: pid_t
  private var hasEnded = false

  /// Starts `path` with arguments. With `listening`, its error output can be read from ``errors``; otherwise it
  /// is this process's.
  ///
  /// - Parameter program: A descriptor of the program, for a path that names descriptor 3.
  ///
  /// Throws the system's reason.
  init(
    _ path: String, _ arguments: [String], listening: Bool, program: Int32? = nil
  ) throws(SystemError) {
    var list: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for text in list { free(text) } }
    let child = process_spawn(path, &list, listening ? 1 : 0, program ?? -1)
    guard child.process > 0 else { throw SystemError(code: -child.process) }
    process = child.process
    descriptor = child.descriptor
    errors = child.errors
  }

  /// Ends the child, whatever it does, and waits until it is gone.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    close(descriptor)
    if errors >= 0 { close(errors) }
    // A worker that sees its input end goes by itself, and takes its executor with it.
    var status: Int32 = 0
    for _ in 0..<200 where waitpid(process, &status, WNOHANG) == 0 { usleep(1000) }
    if waitpid(process, &status, WNOHANG) == 0 {
      kill(process, SIGKILL)
      waitpid(process, &status, 0)
    }
  }

  deinit { end() }
}

/// An error of the operating system.
struct SystemError: Error {
  let code: Int32

  /// Such as "No such file or directory".
  var description: String { String(cString: strerror(code)) }
}
