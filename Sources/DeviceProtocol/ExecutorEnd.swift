/// How an executor ended that was not told to.
public struct ExecutorEnd: WireValue, Equatable, Sendable {
  /// The signal that ended it; 0 if it exited by itself.
  public var signal: Int32
  /// The code it exited with.
  public var exitCode: Int32

  /// An end by a signal, or with a code.
  public init(signal: Int32, exitCode: Int32) {
    self.signal = signal
    self.exitCode = exitCode
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    signal = try reader.integer()
    exitCode = try reader.integer()
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(signal)
    writer.write(exitCode)
  }

  /// Such as "signal 11 (SIGSEGV)".
  public var phrase: String {
    guard signal != 0 else { return "exit code \(exitCode)" }
    let names: [Int32: String] = [
      4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
      11: "SIGSEGV", 13: "SIGPIPE", 15: "SIGTERM", 31: "SIGSYS",
    ]
    return "signal \(signal)" + (names[signal].map { " (\($0))" } ?? "")
  }
}
