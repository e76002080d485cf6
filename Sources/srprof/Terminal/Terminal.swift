internal import Glibc

/// Standard output and standard error of the process. What is text goes through ``TerminalText``.
enum Terminal {
  /// Whether standard error is a terminal, where a line may be drawn over.
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  /// Whether standard output is a terminal.
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  /// Whether standard output may be coloured: a terminal, and `NO_COLOR` not set (no-color.org).
  static let outputHasColor =
    outputIsTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)

  /// Columns of the terminal behind standard error; 80 if it does not say.
  static var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : 80
  }

  /// One line on standard error, with the program's name.
  static func printError(_ message: String) {
    write("srprof: \(message)\n", to: STDERR_FILENO)
  }

  /// A line on standard error.
  static func note(_ line: String) {
    write("\(line)\n", to: STDERR_FILENO)
  }

  /// A line on standard error over the one drawn before, as wide as the terminal at most.
  static func draw(_ line: String) {
    let escaped = TerminalText(escaping: line).text
    write("\r\u{1b}[K\(escaped.prefix(max(columns - 1, 1)))", to: STDERR_FILENO)
  }

  /// Takes the drawn line away.
  static func erase() {
    write("\r\u{1b}[K", to: STDERR_FILENO)
  }

  /// A result on standard output. A reader that has gone is no error; a full disk is.
  static func output(_ result: TerminalText) throws(CommandFailure) {
    try check(write(result.text.hasSuffix("\n") ? result : result + "\n", to: STDOUT_FILENO))
  }

  /// The same for what is no text.
  static func output(_ bytes: [UInt8]) throws(CommandFailure) {
    try check(bytes.withUnsafeBytes { write($0, to: STDOUT_FILENO) })
  }

  private static func check(_ error: Int32) throws(CommandFailure) {
    if error != 0, error != EPIPE {
      let reason = String(cString: strerror(error))
      throw CommandFailure(.inputOutput, "standard output cannot be written: \(reason)")
    }
  }

  /// Writes everything, or as much as can be; returns the error number, 0 without one.
  @discardableResult
  private static func write(_ result: TerminalText, to descriptor: Int32) -> Int32 {
    var text = result.text
    return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return 0
  }
}
