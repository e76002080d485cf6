internal import ArgumentParser
internal import Foundation

/// `make fuzz`: feeds the readers of files with inputs that are wrong in every way.
///
/// Inputs are the files of `Corpus`, changed by a seeded generator; each is read and then used as commands
/// use it. Workers are processes of their own, so that one that ends or hangs costs one input, which
/// is kept and named.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz", abstract: "Read many wrong files, and report those that crash or hang.")

  @Option(help: "End after this many seconds; without it, after --inputs.")
  var seconds: Double?

  @Option(help: "End after this many inputs of all kinds together.")
  var inputs = 100_000

  @Option(help: "Seed of the inputs.")
  var seed: UInt64 = 1

  @Option(name: .customLong("kind"), help: "Only inputs of this kind (may be given again).")
  var kinds: [Kind] = []

  @Option(help: "Folder for inputs that crash or hang.")
  var output = ".build/fuzz"

  @Option(help: "Read this file as an input of the one --kind, and end.")
  var replay: String?

  @Option(help: .hidden)
  var worker: String?

  @Option(help: .hidden)
  var first = 0

  func validate() throws {
    guard worker == nil && replay == nil || kinds.count == 1 else {
      throw ValidationError("one --kind is needed")
    }
    guard inputs > 0, first >= 0 else { throw ValidationError("--inputs is at least 1") }
  }

  func run() throws {
    if let replay {
      try Reader(kinds[0]).read(Array(try Data(contentsOf: URL(filePath: replay))))
      return
    }
    if let worker {
      let log = try WorkLog(path: worker)
      let worker = try Worker(kind: kinds[0], seed: seed)
      return try worker.run(first..<first + inputs, log)
    }
    var supervisor = try Supervisor(seed: seed, folder: output)
    let chosen = kinds.isEmpty ? Kind.allCases : kinds
    let end = seconds.map { Date.now.addingTimeInterval($0) }
    while supervisor.count < inputs || end != nil {
      for kind in chosen {
        if let end, Date.now > end { break }
        let left = end == nil ? inputs - supervisor.count : .max
        if left > 0 { try supervisor.run(kind, count: min(kind.batch, left)) }
      }
      supervisor.showProgress()
      if let end, Date.now > end { break }
    }
    supervisor.showSummary()
    if !supervisor.failures.isEmpty { throw ExitCode(1) }
  }
}

/// Kinds of inputs.
enum Kind: String, CaseIterable, ExpressibleByArgument {
  case table, profile, limits, mask, candidate, onnx, png, npy, store, weights, space, search

  /// Inputs of a worker: the slower they are, the fewer.
  var batch: Int {
    switch self {
    case .table: 1000
    case .profile, .onnx: 2000
    case .limits, .mask, .candidate, .npy, .weights, .space: 3000
    case .png: 2000
    case .store, .search: 500
    }
  }

  /// The files that inputs are made of, by name.
  func corpus() throws -> [[UInt8]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Corpus/\(rawValue)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try files.map { Array(try Data(contentsOf: folder.appending(path: $0))) }
  }
}
