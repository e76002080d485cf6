import Workloads

/// A race under way.
struct Course {
  let workload: Workload
  let rule: RaceRule
  var contenders: [Contender]
  /// Dispatches of every chain, from the first candidate that could be timed.
  var length: Int?
  /// Rounds so far; the first look is one.
  var round = 1

  /// The contender in front.
  var best: Contender? { field.first.map { contenders[$0] } }

  /// Contenders that were in the last round and can still win, the best first.
  var field: [Int] {
    contenders.indices.filter {
      contenders[$0].failure == nil && contenders[$0].nanoseconds != nil
        && contenders[$0].rounds == round
    }.sorted {
      (contenders[$0].nanoseconds ?? .infinity, $0) < (contenders[$1].nanoseconds ?? .infinity, $1)
    }
  }
}
