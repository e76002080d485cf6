import Tables
import Workloads

/// Prepared workloads that stay on the device between visits, as many as its memory bears; the one
/// unused for longest goes first.
struct ResidentSet {
  private let capacity: Int
  /// Least recently used first.
  private var entries: [(workload: Workload, prepared: any PreparedWorkload)] = []

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// The prepared workload, if it is still there.
  mutating func take(_ workload: Workload) -> (any PreparedWorkload)? {
    guard let index = entries.firstIndex(where: { $0.workload == workload }) else { return nil }
    let entry = entries.remove(at: index)
    entries.append(entry)
    return entry.prepared
  }

  /// Frees room for a workload of `byteCount` before it is prepared.
  mutating func makeRoom(_ byteCount: Int) {
    while !entries.isEmpty,
      entries.reduce(byteCount, { $0 + $1.prepared.byteCount }) > capacity
    {
      entries.removeFirst()
    }
  }

  /// Keeps a prepared workload until room is needed.
  mutating func insert(_ prepared: any PreparedWorkload, for workload: Workload) {
    entries.append((workload, prepared))
  }

  /// Lets one go.
  mutating func remove(_ workload: Workload) {
    entries.removeAll { $0.workload == workload }
  }

  /// Lets all go.
  mutating func removeAll() {
    entries.removeAll()
  }
}
