public import Workloads

/// All workloads that a profile promises, by their number and a hash: so that tables of its shards are
/// known to belong together, and to be all.
public struct Sweep: Hashable, Sendable, Codable {
  /// Rows of a table that has them all.
  public var rows: Int
  /// FNV-1a of the workloads' names in alphabetical order, 16 hexadecimal digits.
  public var hash: String

  /// The sweep of these workloads, none of which is there twice.
  public init(_ workloads: some Sequence<Workload>) {
    let names = workloads.map(\.name).sorted()
    var hash = FNV1a()
    for name in names { hash.combine(name) }
    rows = names.count
    self.hash = hash.digits
  }

  /// Throws what makes this impossible.
  func validate() throws(TableError.Problem) {
    guard Bounds.count ~= rows else { throw .wrongType("rows", "\(rows), no count") }
  }
}
