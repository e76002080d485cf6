internal import Workloads

/// The right answers that outputs are compared with, kept: they cost more than the check itself.
struct RightAnswers {
  /// Terms that computing those of one workload may sum.
  let budget: Int
  private var known: [Workload: [Reference.Expectation]] = [:]

  init(budget: Int = 200_000) {
    self.budget = budget
  }

  mutating func of(_ workload: Workload) -> [Reference.Expectation] {
    if let list = known[workload] { return list }
    let list = Reference(workload).expectations(budget: budget)
    known[workload] = list
    return list
  }
}
