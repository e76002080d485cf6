internal import Files
internal import Glibc

/// The error output of an evaluator, in a log of its own and in one of each request; and the number
/// of its process, for a search that goes on after it was killed.
final class EvaluatorLogs {
  /// The folder that the evaluator may use.
  let folder: String
  /// The log of the request in hand.
  var requestLog: String?
  private var process: String { "\(folder)/process" }

  /// - Throws: That the folder cannot be made.
  init(folder: String) throws(SearchError) {
    self.folder = folder
    do throws(FileContents.Failure) {
      try FileContents.prepareToWrite("\(folder)/log")
    } catch {
      throw SearchError(.inputOutput, "\(folder): \(error.reason)")
    }
    endOrphan()
  }

  func append(_ bytes: ArraySlice<UInt8>) {
    for path in ["\(folder)/log", requestLog].compactMap(\.self) {
      let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
      guard file >= 0 else { continue }
      // A log that cannot be written ends no search.
      _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      close(file)
    }
  }

  /// Notes which process works here.
  func own(_ number: pid_t) {
    let text = "\(number) \(Self.startTime(of: number) ?? "")\n"
    try? FileContents.replace(process, with: Array(text.utf8))
  }

  func disown() { unlink(process) }

  /// Ends the evaluator of a search that was killed: it would go on to write where its successor does.
  private func endOrphan() {
    guard let bytes = try? FileContents.read(process, atMost: 1 << 10) else { return }
    let parts = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    // A number that another process has by now has another start.
    if parts.count == 2, let number = pid_t(parts[0]), number > 1,
      Self.startTime(of: number) == String(parts[1])
    {
      kill(-number, SIGKILL)
    }
    unlink(process)
  }

  /// When a process started, in ticks since the machine did; `nil` if there is none.
  private static func startTime(of process: pid_t) -> String? {
    guard let bytes = try? FileContents.read("/proc/\(process)/stat", atMost: 1 << 12) else {
      return nil
    }
    // The name in brackets may have blanks.
    let text = String(decoding: bytes, as: UTF8.self)
    guard let bracket = text.lastIndex(of: ")") else { return nil }
    let fields = text[bracket...].split(separator: " ")
    return fields.count > 20 ? String(fields[20]) : nil
  }
}
