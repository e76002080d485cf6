internal import Foundation

/// Runs workers, and counts what came of their inputs.
struct Supervisor {
  private struct Tally {
    var count = 0
    var understood = 0
    var slowest = (index: 0, nanoseconds: 0)
    var peakBytes = 0
  }

  /// Inputs that ended their workers, each in a sentence.
  private(set) var failures: [String] = []
  private var tallies: [Kind: Tally] = [:]
  private let seed: UInt64
  private let folder: URL
  private let start = Date.now

  init(seed: UInt64, folder: String) throws {
    self.seed = seed
    self.folder = URL(filePath: folder)
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
  }

  /// Inputs of all kinds so far.
  var count: Int { tallies.values.reduce(0) { $0 + $1.count } }

  /// Has the next `count` inputs of a kind read, by as many workers as that takes.
  mutating func run(_ kind: Kind, count: Int) throws {
    var next = tallies[kind]?.count ?? 0
    let end = next + count
    while next < end {
      let path = folder.appending(path: "worker-\(UInt64.random(in: .min ... .max))").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let log = try WorkLog(path: path)
      let process = Process()
      process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = [
        "--kind", kind.rawValue, "--seed", "\(seed)", "--first", "\(next)", "--inputs",
        "\(end - next)", "--worker", path,
      ]
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["SWIFT_BACKTRACE": "enable=no"]) { $1 }
      try process.run()
      process.waitUntilExit()
      Scratch.remove(process: process.processIdentifier)
      let status = process.terminationStatus
      next = end
      if process.terminationReason == .uncaughtSignal || status != 0 {
        try keep(kind, log.current, signal: status)
        next = log.current + 1
      }
      note(kind, next, log)
    }
  }

  private mutating func note(_ kind: Kind, _ count: Int, _ log: borrowing WorkLog) {
    var tally = tallies[kind] ?? Tally()
    tally.count = count
    tally.understood += log.understood
    if log.slowest.nanoseconds > tally.slowest.nanoseconds { tally.slowest = log.slowest }
    tally.peakBytes = max(tally.peakBytes, log.peakBytes)
    tallies[kind] = tally
  }

  /// Saves the input that ended a worker.
  private mutating func keep(_ kind: Kind, _ index: Int, signal: Int32) throws {
    let file = folder.appending(path: "\(kind.rawValue)-\(seed)-\(index)")
    try Data(try Mutator(kind, seed: seed).input(index)).write(to: file)
    let what =
      signal == SIGPROF || signal == SIGALRM
      ? "took more than \(Worker.longestSeconds) s" : "ended the process by signal \(signal)"
    failures.append("\(kind.rawValue) \(index) of seed \(seed) \(what): \(file.path)")
    print(failures[failures.count - 1])
  }

  /// One line about all inputs so far.
  func showProgress() {
    let seconds = Date.now.timeIntervalSince(start)
    print(
      "\(count) inputs in \(Int(seconds)) s, \(Int(Double(count) / max(seconds, 1))) a second, "
        + "\(failures.count) failed")
    fflush(nil)
  }

  /// A line about each kind.
  func showSummary() {
    for (kind, tally) in tallies.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let milliseconds = Double(tally.slowest.nanoseconds / 10_000) / 100
      print(
        "\(kind.rawValue): \(tally.count) inputs, \(tally.understood) understood, the slowest (\(tally.slowest.index)) "
          + "\(milliseconds) ms, at most \(tally.peakBytes >> 20) MiB")
    }
    print("\(count) inputs, \(failures.count) failed")
  }
}
