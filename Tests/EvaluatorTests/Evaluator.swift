import Foundation
import Images
import Resources
import Workloads

/// The evaluator in a folder of its own, with Debian's Python.
struct Evaluator {
  let folder: URL

  /// Whether PyTorch imports, which tests of training need.
  static let hasTorch = (try? Evaluator().runsTorch()) ?? false

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "evaluator-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(EmbeddedFiles.evaluator.utf8).write(to: folder.appending(path: "evaluator.py"))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// Writes pictures of waves, so large that patches of 12 can be cut out of them.
  func writePictures(_ name: String, _ count: Int, side: Int = 32) throws {
    for picture in 0..<count {
      let shape = MapShape(channels: 3, height: side, width: side + 2 * picture)
      let values = (0..<shape.count).map { index in
        let (x, y) = (index % shape.width, index / shape.width)
        return 0.5 + 0.4 * sin(Float(x * (picture + 1) + 2 * y) / 7)
      }
      let file = "\(name)/\(picture).png"
      try write(file, [])
      try Tensor(shape, values).write(path(file))
    }
  }

  private func runsTorch() throws -> Bool {
    defer { remove() }
    return try python(["-c", "import torch"]).status == 0
  }

  /// Runs Python in the folder.
  func python(
    _ arguments: [String], input: String = ""
  ) throws -> (status: Int32, output: String, errors: String) {
    for (name, text) in [(".in", input), (".out", ""), (".err", "")] {
      try write(name, text.utf8)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: ".in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: ".out"))
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: ".err"))
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try String(contentsOfFile: path(".out"), encoding: .utf8),
      try String(contentsOfFile: path(".err"), encoding: .utf8)
    )
  }

  /// A request that has to be answered within ten minutes.
  ///
  /// - Parameters:
  ///   - checkpoint: The folder, within the evaluator's.
  ///   - members: More members, as JSON.
  func request(
    _ type: String, _ id: String, seed: Int = 3, checkpoint: String, candidate: String? = nil,
    _ members: String
  ) -> String {
    let network = candidate.map { "\"candidate\": \($0), " } ?? ""
    return """
      {"type": "\(type)", "id": "\(id)", "attempt": 1, "seed": \(seed), "deadlineSeconds": 600, \
      "checkpoint": "\(path(checkpoint))", \(network)\(members)}
      """
  }

  /// Its answers to messages, of which the first is hello.
  func answers(
    _ messages: [String], images: String = "train", _ options: [String] = [],
    space: String =
      "{\"family\": \"wdsr\", \"scale\": 2, \"channels\": [8], \"cells\": {\"from\": 2, \"to\": 2}}"
  ) throws -> [[String: Any]] {
    let hello = """
      {"type": "hello", "protocol": 1, "scale": 2, "seed": 1, "threads": 1, "directory": "\(folder.path)",
       "space": \(space)}
      """
    let lines = [hello.replacing("\n", with: "")] + messages.map { $0.replacing("\n", with: "") }
    let outcome = try python(
      ["evaluator.py", "--images", images, "--validate", "valid", "--patch", "12", "--batch", "2"]
        + options, input: lines.joined(separator: "\n") + "\n")
    return try outcome.output.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
  }
}

/// Runs `body` with an evaluator that is removed afterwards.
func withEvaluator(_ body: (Evaluator) throws -> Void) throws {
  let evaluator = try Evaluator()
  defer { evaluator.remove() }
  try body(evaluator)
}
