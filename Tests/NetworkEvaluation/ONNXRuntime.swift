public import Foundation
public import Images
public import Networks
internal import ONNX
internal import Workloads

/// A folder that Python, with ONNX and ONNX Runtime in it, reads and writes files in.
public struct ONNXRuntime {
  public let folder: URL
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let python = root.appending(path: ".build/python/bin/python")

  /// What is missing, or failed.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Makes the folder.
  public init() throws {
    guard FileManager.default.isExecutableFile(atPath: Self.python.path) else {
      throw Failure(description: "\(Self.python.path) is missing: run `make test-deps`")
    }
    folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Runs a program of `Tests`, which must succeed.
  public func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = Self.python
    process.arguments = [Self.root.appending(path: "Tests/\(program)").path] + arguments
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) failed")
    }
  }

  /// Writes graphs as models `0.onnx`, `1.onnx` and so on, and gives what ONNX Runtime makes of an image for
  /// each.
  public func outputs(of graphs: [Graph], _ images: [Tensor]) throws -> [Tensor] {
    for (index, graph) in graphs.enumerated() {
      try write(graph.onnx(), "\(index).onnx")
      try write(NPY.encode(images[index]), "\(index).npy")
    }
    try run(
      "onnx-run",
      graphs.indices.flatMap { index in
        [".onnx", ".npy", ".output.npy"].map { path("\(index)\($0)") }
      })
    return try graphs.indices.map { try tensor("\($0).output.npy") }
  }

  public func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Names of the models that lie in the folder.
  public func models() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
  }

  public func tensor(_ name: String) throws -> Tensor {
    try NPY.decode([UInt8](Data(contentsOf: folder.appending(path: name))), file: name)
  }

  public func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  public func remove() { try? FileManager.default.removeItem(at: folder) }
}

/// The largest difference relative to the largest value; infinite for other shapes and NaN.
public func relativeError(_ result: Tensor, _ expected: Tensor) -> Float {
  guard result.shape == expected.shape else { return .infinity }
  let scale = expected.values.map(abs).max() ?? 0
  var error: Float = 0
  for (a, b) in zip(result.values, expected.values) {
    let difference = abs(a - b)
    error = difference.isNaN ? .infinity : max(error, difference)
  }
  return error / max(scale, .leastNormalMagnitude)
}
