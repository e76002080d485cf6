internal import Kernels
import Tables
import Workloads

/// Who takes part in a race, in the order of the first look.
struct Entrants {
  let contenders: [Contender]
  /// The name of the standard schedule.
  let standard: String
  /// The standard schedule where it takes no part, for when all others fail.
  let reserve: Contender?

  /// Schedules that the neighbours expect most of come first, so that what is much slower ends soon. Of those that are
  /// the same to the driver, the first takes part; those a process ended in come last.
  ///
  /// - Parameters:
  ///   - most: How many take part.
  ///   - isSuspect: Whether a process ended in a schedule of this name.
  init(
    _ workload: Workload, on backend: any Backend, rule: RaceRule, neighbours: Neighbours,
    most: Int, isSuspect: (String) -> Bool
  ) throws(Failure) {
    let listed = try backend.schedules(for: workload, effort: rule.effort)
    guard let standard = listed.first else {
      throw Failure(.unsupported, "there is no schedule for \(workload)")
    }
    self.standard = standard
    let known = Set(listed)
    var identities: Set<String> = []
    var (ready, suspects): ([Contender], [Contender]) = ([], [])
    var hasStandard = false
    for name in neighbours.order(of: listed) {
      let places = most - ready.count - suspects.count
      if places == 0 { break }
      // The last place is the standard schedule's, unless others are known to run.
      if places == 1, !neighbours.agree, !hasStandard, name != standard { continue }
      if name == standard { hasStandard = true }
      do throws(Failure) {
        guard identities.insert(try backend.identity(of: workload, schedule: name)).inserted
        else { continue }
      } catch {
        // A neighbour's schedule may well not fit.
        if known.contains(name) { ready.append(Contender(name, failure: error)) }
        continue
      }
      // The row has no other schedule if all candidates fail.
      let deadline = name == standard ? .patient : rule.compileDeadline
      let contender = Contender(name, deadline: deadline)
      if isSuspect(name) { suspects.append(contender) } else { ready.append(contender) }
    }
    contenders = ready + suspects
    reserve = hasStandard ? nil : Contender(standard)
  }
}
