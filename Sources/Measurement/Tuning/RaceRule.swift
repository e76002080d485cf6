internal import Kernels
import Tables

/// What a race may cost, and who stays in it.
///
/// Successive halving (Jamieson and Talwalkar, Non-stochastic Best Arm Identification, 2016): each
/// round gives those who are left more time and sends half of them home.
struct RaceRule {
  let effort: Schedule.Effort
  /// Seconds that a race usually takes, compilation included.
  let seconds: Double

  /// `rowSeconds` is the time a row's final measurement may take; a quick race takes about as long, but
  /// a driver needs up to half a second for each kernel it compiles, however short the row.
  init(effort: Schedule.Effort, rowSeconds: Double) {
    self.effort = effort
    let seconds = max(rowSeconds, 2.5)
    self.seconds = effort == .full ? 5 * seconds : seconds
  }

  /// How a plan's races are run; `nil` for a plan without them.
  init?(_ plan: Plan) {
    guard case .raced(let effort) = plan.schedules else { return nil }
    self.init(effort: effort, rowSeconds: plan.rule.budgetSeconds)
  }

  /// Seconds after which no further candidate is looked at: late, above all in races that others learn from,
  /// for who wins should not depend on how fast the driver compiles on a day. As many as a race usually
  /// takes are for the rounds after that.
  func lookSeconds(neighbours: Neighbours) -> Double {
    effort == .full ? .infinity : (neighbours.count < 2 ? 2.4 : 1.2) * seconds
  }
  /// How long a driver may compile a candidate: as long as two races usually take.
  var compileDeadline: CompileDeadline { .race(seconds: 2 * seconds) }
  /// Candidates that are looked at whatever that costs.
  static let fewest = 3

  /// Candidates at most: fewer where neighbours know some, still fewer where those agree on who wins or raced the
  /// same workload, and two where the same layer on other maps or with another activation leaves hardly a doubt.
  func most(neighbours: Neighbours) -> Int {
    if effort == .full { return .max }
    if neighbours.areSure { return 2 }
    if neighbours.agree || neighbours.haveOwn { return 3 }
    return neighbours.count >= 2 ? 6 : 12
  }

  /// Candidates that take more than this many times the best one's time go home at once.
  static let hopeless = 2.0
  /// Length of the first chain, which tells who is hopeless: a GPU takes several times as long for the first
  /// dispatches of a kernel over new operands.
  static func probeNanoseconds(on kind: DeviceDescription.Kind) -> Double {
    kind == .cpu ? 1e6 : 10e6
  }
  /// The number of candidates at which halving ends.
  static let finalists = 3
  /// Finalists this much slower than the best go home, after looks and after rounds: times of looks are
  /// not taken side by side.
  static let margins = (looks: 1.5, rounds: 1.06)

  /// Interleaved passes in a round.
  var passes: Int { effort == .full ? 5 : 3 }
  /// Rounds of the finalists, each with operands laid out anew.
  var finals: Int { effort == .full ? 6 : 2 }

  /// How many of the field, the best first, stay after a round; the first is the look.
  func staying(in field: [Contender], after round: Int) -> Int {
    guard let best = field.first?.nanoseconds else { return 0 }
    let isFinal = field.count <= Self.finalists
    let margin = round == 1 ? Self.margins.looks : Self.margins.rounds
    let near = field.count {
      ($0.nanoseconds ?? .infinity) <= best * (isFinal ? margin : Self.hopeless)
    }
    return isFinal ? near : min(near, max(Self.finalists, (field.count + 1) / 2))
  }
}
