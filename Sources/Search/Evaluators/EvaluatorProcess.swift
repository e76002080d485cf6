internal import CProcess
internal import Glibc

/// An evaluator's process with the ends of its input, output and error output, in a process group of its own.
final class EvaluatorProcess {
  /// To its input and from its output; never waits.
  let descriptor: Int32
  /// Its error output; -1 once that has ended.
  private(set) var errors: Int32
  private let process: pid_t
  private var received: [UInt8] = []
  private var spoken: [UInt8] = []
  private let logs: EvaluatorLogs
  /// How it ended, once that is known.
  private(set) var ending: String?

  private static let mostSpoken = 4096
  private static let longestLine = 1 << 20
  /// Pieces that are read before others are looked after.
  private static let mostPieces = 64

  /// Starts a command by `sh -c`.
  ///
  /// - Throws: The system's reason.
  init(command: String, logs: EvaluatorLogs) throws(EvaluatorFault) {
    self.logs = logs
    var list: [UnsafeMutablePointer<CChar>?] =
      (["/bin/sh", "-c", command] as [String]).map { strdup($0) } + [nil]
    defer { for text in list { free(text) } }
    let child = process_spawn("/bin/sh", &list, 1, -1)
    guard child.process > 0 else {
      throw EvaluatorFault("cannot be started: \(String(cString: strerror(-child.process)))")
    }
    process = child.process
    descriptor = child.descriptor
    errors = child.errors
    logs.own(process)
  }

  /// Its last lines on its error output.
  var lastWords: String {
    String(decoding: spoken, as: UTF8.self)
      .split(whereSeparator: \.isNewline).suffix(5).joined(separator: " | ")
  }

  /// Writes a line; false if the other end is closed or takes nothing for ten seconds.
  func send(_ line: String) -> Bool {
    let bytes = Array(line.utf8) + [0x0a]
    var offset = 0
    let start = monotonicSeconds()
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        offset += count
      } else if errno == EAGAIN {
        guard monotonicSeconds() - start < 10 else { return false }
        var one = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&one, 1, 100)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// The lines that have come.
  ///
  /// - Throws: That it has ended, or writes a line without end.
  func lines() throws(EvaluatorFault) -> [[UInt8]] {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var hasEnded = false
    // One that writes without end is heard piece by piece.
    for _ in 0..<Self.mostPieces {
      let count = read(descriptor, &piece, piece.count)
      if count > 0 {
        received.append(contentsOf: piece.prefix(count))
        guard received.count < Self.longestLine || received.contains(0x0a) else {
          throw EvaluatorFault("wrote a megabyte without the end of a line")
        }
      } else if count < 0, errno == EINTR {
        continue
      } else {
        hasEnded = count == 0 || errno != EAGAIN
        break
      }
    }
    var lines: [[UInt8]] = []
    while let end = received.firstIndex(of: 0x0a) {
      let line = received[..<end].filter { $0 != 0x0d }
      if !line.isEmpty { lines.append(line) }
      received.removeFirst(end + 1)
    }
    if hasEnded, lines.isEmpty {
      kill()
      throw EvaluatorFault(ending ?? "has ended")
    }
    return lines
  }

  /// Takes what it says on its error output into the logs.
  func listen() {
    var piece = [UInt8](repeating: 0, count: 1 << 14)
    for _ in 0..<Self.mostPieces where errors >= 0 {
      let count = read(errors, &piece, piece.count)
      if count > 0 {
        spoken.append(contentsOf: piece.prefix(count))
        spoken.removeFirst(max(0, spoken.count - Self.mostSpoken))
        logs.append(piece.prefix(count))
      } else if count == 0 {
        close(errors)
        errors = -1
      } else if errno != EINTR {
        return
      }
    }
  }

  /// Asks it to end.
  func dismiss() {
    _ = send("{\"type\": \"bye\"}")
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Asks its group to end.
  func terminate() { Glibc.kill(-process, SIGTERM) }

  /// Whether it has ended by itself.
  func hasEnded() -> Bool {
    if ending != nil { return true }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return false }
    finish(status)
    return true
  }

  /// Ends it and all of its group, and waits until it is gone.
  func kill() {
    guard ending == nil else { return }
    // One that is just about to end says more by its own status.
    for _ in 0..<20 where !hasEnded() { usleep(5000) }
    guard ending == nil else { return }
    Glibc.kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    finish(status)
  }

  private func finish(_ status: Int32) {
    // The rest of its group goes with it.
    Glibc.kill(-process, SIGKILL)
    listen()
    let signal = status & 0x7f
    ending =
      signal == 0
      ? "ended with status \((status >> 8) & 0xff)" : "was ended by signal \(signal)"
    close(descriptor)
    if errors >= 0 { close(errors) }
    errors = -1
    logs.disown()
  }

  deinit { kill() }
}

/// Seconds of a clock that nobody sets.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
