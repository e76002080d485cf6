internal import Workloads

/// Tables of one model of device, such as those of the shards of a profile, joined into one.
///
/// Of a workload that several tables have, the row with the narrowest interval is kept, with the samples of all;
/// a measured row beats a failed one. Rows by different schedules are no samples of one thing: there the
/// faster one is kept if it is faster for sure.
public struct MergedTable: Hashable, Sendable {
  /// A table, and what sentences call it.
  public struct Input: Hashable, Sendable {
    public let name: String
    public let table: LatencyTable

    public init(_ name: String, _ table: LatencyTable) {
      self.name = name
      self.table = table
    }
  }

  /// Why two tables cannot be joined, in a sentence with the names of both.
  public struct Conflict: Error, Hashable, CustomStringConvertible {
    public let description: String
  }

  public let table: LatencyTable
  /// What tables say against each other, in sentences; they are among the table's warnings too.
  public let disagreements: [String]

  /// Throws which fact two of the tables differ in, if they are not of one model and method.
  ///
  /// What can be said of one machine only, such as its host, is said of the first table's.
  public init(_ first: Input, _ others: [Input]) throws(Conflict) {
    for other in others { try Self.requireSameFacts(first, other) }
    // A copy says nothing new.
    let inputs = others.reduce(into: [first]) { inputs, other in
      if !inputs.contains(where: { $0.table == other.table }) { inputs.append(other) }
    }
    var merged = first.table.header(with: inputs.dropFirst().map(\.table))
    let overlaps = Self.overlaps(of: inputs)
    merged.rows = overlaps.map { $0.row(in: merged) }.sorted { $0.workload < $1.workload }
    disagreements =
      Self.sentences(overlaps.flatMap(\.disagreements)) + Self.speedDisagreements(inputs)
    for warning in disagreements + merged.monotonicity.warnings
    where !merged.warnings.contains(warning) {
      merged.warnings.append(warning)
    }
    table = merged
  }

  private static func requireSameFacts(_ first: Input, _ other: Input) throws(Conflict) {
    for (mine, its) in zip(first.table.facts, other.table.facts) where mine.value != its.value {
      throw Conflict(
        description: "\(first.name) and \(other.name) cannot be merged: the \(mine.name) is "
          + "\(mine.value) in the one, and \(its.value) in the other")
    }
  }

  private static func overlaps(of inputs: [Input]) -> [Overlap] {
    var places: [Workload: Int] = [:]
    var overlaps: [Overlap] = []
    for input in inputs {
      for row in input.table.rows {
        if let place = places[row.workload] {
          overlaps[place].add(row, of: input.name)
        } else {
          places[row.workload] = overlaps.count
          overlaps.append(Overlap(row, of: input.name))
        }
      }
    }
    return overlaps
  }

  /// More disagreements than a reader will look at one by one are counted.
  private static let mostNamed = 8

  private static func sentences(_ disagreements: [Overlap.Disagreement]) -> [String] {
    let worst = disagreements.sorted { $0.excess > $1.excess }
    let rest = worst.count - mostNamed
    return worst.prefix(mostNamed).map(\.sentence)
      + (rest > 0 ? ["\(rest) more rows differ between tables beyond both intervals."] : [])
  }

  /// Reference kernels that differ by more say that machines were not equally fast.
  private static let speedTolerance = 0.05

  private static func speedDisagreements(_ inputs: [Input]) -> [String] {
    let kernels: [(name: String, nanoseconds: (Speed) -> Double?)] = [
      ("reference kernel", \.arithmetic.referenceNanoseconds),
      ("memory's reference kernel", \.memory?.referenceNanoseconds),
    ]
    return kernels.compactMap { kernel in
      let timed = inputs.compactMap { input in
        kernel.nanoseconds(input.table.speed).map { (name: input.name, nanoseconds: $0) }
      }.filter { $0.nanoseconds > 0 }.sorted { $0.nanoseconds < $1.nanoseconds }
      guard let fastest = timed.first, let slowest = timed.last else { return nil }
      let excess = slowest.nanoseconds / fastest.nanoseconds - 1
      guard excess > speedTolerance else { return nil }
      return "The \(kernel.name) took \(percent(excess)) longer for \(slowest.name) than for "
        + "\(fastest.name): their rows were measured at different speeds."
    }
  }

  /// A share in words, such as `12.5 %`.
  static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

extension LatencyTable {
  /// What tables must have in common for their rows to mean the same.
  fileprivate var facts: [(name: String, value: String)] {
    [
      ("fingerprint", "\(fingerprint) (\(device.name))"),
      ("method's version", "\(method.version)"), ("clock", method.clock.rawValue),
      ("temperature", method.temperature.rawValue), ("ring's size", "\(method.ringSize)"),
      ("layout of activations", method.activationLayout), ("quantile", "\(method.quantile)"),
      ("version of srprof", compiler.srprof), ("version of glslang", compiler.glslang),
      ("version of SPIRV-Tools", compiler.spirvTools), ("kernel catalogue", compiler.catalogue),
      ("block of channels", "\(backend.channelBlock)"),
      ("fusion of SplitSR blocks", "\(backend.fusesSplitBlocks)"),
      (
        "list of algorithms that skip pruned weights",
        backend.skipsPruned.joined(separator: " and ")
      ),
    ]
  }
}
