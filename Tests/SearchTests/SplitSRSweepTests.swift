import Networks
import Prediction
import Search
import SyntheticTables
import Tables
import Testing

@Suite struct `A sweep of SplitSR` {
  private let sweep: SplitSRSweep

  init() throws {
    let table = SyntheticDevice().table(try convolutions())
    sweep = try SplitSRSweep(
      scale: 4, output: "320x192", table: table, predictor: LatencyPredictor(table: table))
  }

  @Test func `has every choice once that has an effect`() {
    let choices = sweep.networks.map { "\($0.location) \($0.alpha) \($0.hybrid) \($0.mode)" }
    #expect(choices.count == 81)
    #expect(Set(choices).count == choices.count)
    #expect(sweep.failures.isEmpty)
  }

  @Test func `marks those that no other beats`() {
    let best = sweep.networks.filter(\.isBest)
    #expect(best.count == sweep.front.count && !best.isEmpty)
    for one in best {
      #expect(
        !sweep.networks.contains {
          $0.nanoseconds < one.nanoseconds && $0.parameters >= one.parameters
        })
    }
  }

  @Test func `says which size no network has`() throws {
    let table = SyntheticDevice().table(try convolutions())
    let predictor = try LatencyPredictor(table: table)
    #expect(throws: InvalidNetwork.self) {
      try SplitSRSweep(scale: 4, output: "wide", table: table, predictor: predictor)
    }
  }
}
