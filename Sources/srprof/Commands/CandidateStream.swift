internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
internal import Networks
internal import Prediction

/// Answers candidates as they come, a line of JSON each.
struct CandidateStream {
  private let file: String
  private let batch: BatchPredictor

  /// Bytes that are read at once, and the most that a line may have.
  private static let readBytes = 1 << 16
  private static let longestLine = 1 << 24

  /// - Parameter file: `-` for standard input.
  init(_ file: String, _ batch: BatchPredictor) {
    self.file = file
    self.batch = batch
  }

  /// Answers all lines; empty ones are passed over. Throws at the end if a line was no candidate.
  func run() throws {
    let input = file == "-" ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw failure() }
    defer { if input != STDIN_FILENO { close(input) } }
    var rest: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: Self.readBytes)
    var (line, wrong) = (0, 0)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      rest += chunk.prefix(count)
      if count == 0, !rest.isEmpty { rest.append(UInt8(ascii: "\n")) }
      var answers = ""
      var start = 0
      rest.withUnsafeBufferPointer { bytes in
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
          line += 1
          let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
          if text.contains(where: { $0 > UInt8(ascii: " ") }), !answer(text, into: &answers) {
            wrong += 1
          }
          start = end + 1
        }
      }
      rest.removeFirst(start)
      if !answers.isEmpty { try Terminal.output(Array(answers.utf8)) }
      if count == 0 { break }
      guard rest.count <= Self.longestLine else {
        throw CommandFailure(.badFile, "\(name): line \(line + 1) has more than 16 MiB")
      }
    }
    if wrong > 0 {
      throw CommandFailure(
        .badFile, "\(name): \(wrong) of \(line) lines could not be predicted; each says why")
    }
  }

  /// Adds the answer to a line. False if it is an error.
  private func answer(_ text: UnsafeBufferPointer<UInt8>, into answers: inout String) -> Bool {
    do throws(InvalidNetwork) {
      let answer = try batch.answer(text)
      answers += "{\"nanoseconds\": \(answer.nanoseconds), \"lowNanoseconds\": "
      answers += "\(answer.lowNanoseconds), \"highNanoseconds\": \(answer.highNanoseconds)}\n"
      return true
    } catch {
      let line = try? JSONEncoder().encode(["error": error.description])
      answers += String(decoding: line ?? Data(), as: UTF8.self) + "\n"
      return false
    }
  }

  private var name: String { file == "-" ? "standard input" : file }

  private func failure() -> CommandFailure {
    CommandFailure(.inputOutput, "\(name): \(String(cString: strerror(errno)))")
  }
}
