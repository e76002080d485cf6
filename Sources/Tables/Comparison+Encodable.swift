internal import Workloads

/// An object with `ratio` (the geometric mean), `families`, `pairs`, and the names of workloads that could
/// not be paired.
extension Comparison: Encodable {
  private enum CodingKeys: String, CodingKey {
    case ratio, families, pairs, onlyFirst, onlySecond, failed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(ratio, forKey: .ratio)
    try container.encode(families, forKey: .families)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(onlyFirst.map(\.name), forKey: .onlyFirst)
    try container.encode(onlySecond.map(\.name), forKey: .onlySecond)
    try container.encode(failed.map(\.name), forKey: .failed)
  }
}

extension Comparison.Pair: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, workload, firstNanoseconds, secondNanoseconds, ratio, low, high, verdict
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workload.name, forKey: .name)
    try container.encode(workload, forKey: .workload)
    try container.encode(first.undisturbedNanoseconds, forKey: .firstNanoseconds)
    try container.encode(second.undisturbedNanoseconds, forKey: .secondNanoseconds)
    try container.encode(ratio, forKey: .ratio)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(verdict, forKey: .verdict)
  }
}
