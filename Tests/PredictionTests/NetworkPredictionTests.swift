import Networks
import Prediction
import SyntheticTables
import Tables
import Testing
import Workloads

@Suite struct NetworkPredictionTests {
  private let device = SyntheticDevice()

  private func near(_ a: Double, _ b: Double, _ share: Double = 1e-9) -> Bool {
    abs(a - b) <= share * abs(b)
  }

  @Test func aNetworkIsTheSumOfItsRowsAndTheConstants() throws {
    let (a, b) = (try convolution(3, 8, 16), try convolution(1, 16, 8))
    var table = device.table([a, b])
    let plain = try NetworkPrediction([(a, 3), (b, 1)], predictor: LatencyPredictor(table: table))
    let sum = 3 * device.nanoseconds(a) + device.nanoseconds(b)
    #expect(near(plain.nanoseconds, sum))
    #expect(plain.dispatches == 4)
    #expect(plain.share(.exact) == 1 && plain.share(.interpolated) == 0)
    // The error of one row counts three times, that of the other once, independently.
    let (first, second) = (0.03 * 3 * device.nanoseconds(a), 0.03 * device.nanoseconds(b))
    let width = (first * first + second * second).squareRoot()
    #expect(near(plain.highNanoseconds - plain.nanoseconds, width, 1e-6))

    table.additivity = Additivity(
      perDispatchNanoseconds: 1000, perSubmissionNanoseconds: 5e4, relativeSpread: 0.1,
      networks: 4)
    let whole = try NetworkPrediction([(a, 3), (b, 1)], predictor: LatencyPredictor(table: table))
    #expect(near(whole.nanoseconds, sum + 4 * 1000 + 5e4))
    #expect(whole.highNanoseconds - whole.nanoseconds > 0.19 * whole.nanoseconds)
  }

  @Test func exactRefusesWhatTheTableLacksAndNamesIt() throws {
    let known = try convolution(3, 8, 8)
    let lacking = [try convolution(3, 8, 12), try convolution(3, 12, 8)]
    let predictor = try LatencyPredictor(table: device.table([known]))
    #expect(throws: PredictionError.notExact(lacking)) {
      try NetworkPrediction(
        [(lacking[0], 1), (known, 2), (lacking[1], 5)], predictor: predictor, exactOnly: true)
    }
    let all = try NetworkPrediction([(known, 2), (lacking[0], 1)], predictor: predictor)
    #expect(all.share(.exact) > 0.5 && all.share(.exact) < 1)
  }

  @Test func aLoweredNetworkOfTheZooIsItsWorkloads() throws {
    let graph = try NetworkDescription(
      parsing: "wdsr-b:blocks=3,channels=16,scale=2,output=320x180"
    )
    .graph()
    let network = try LoweredNetwork(graph)
    let predictor = try LatencyPredictor(table: device.table(network.counts.map(\.workload)))
    let prediction = try NetworkPrediction(network, predictor: predictor, exactOnly: true)
    let sum = network.steps.reduce(0) { $0 + device.nanoseconds($1.workload) }
    #expect(near(prediction.nanoseconds, sum))
    #expect(prediction.dispatches == network.steps.count)
  }
}

@Suite struct AdditivityTests {
  private func observations(
    perDispatch: Double, perSubmission: Double, factors: [Double]
  ) -> [Additivity.Observation] {
    factors.enumerated().map { index, factor in
      let dispatches = 4 + 11 * index % 50
      let rows = 1e6 * Double(1 + index * index % 7)
      let time = rows + perDispatch * Double(dispatches) + perSubmission
      return .init(
        rows: Array(repeating: rows / Double(dispatches), count: dispatches),
        measured: time * factor)
    }
  }

  @Test func constantsAreFound() throws {
    let fit = try #require(
      Additivity(
        fitting: observations(
          perDispatch: 2e4, perSubmission: 3e5, factors: [Double](repeating: 1, count: 12))))
    #expect(abs(fit.perDispatchNanoseconds - 2e4) < 20)
    #expect(abs(fit.perSubmissionNanoseconds - 3e5) < 1000)
    #expect(fit.relativeSpread < 1e-3)
    #expect(fit.networks == 12)
  }

  @Test func oneWildNetworkChangesLittle() throws {
    var factors = [Double](repeating: 1, count: 12)
    for index in factors.indices { factors[index] += index % 2 == 0 ? 0.01 : -0.01 }
    factors[5] = 3
    let fit = try #require(
      Additivity(
        fitting: observations(perDispatch: 2e4, perSubmission: 3e5, factors: factors)))
    #expect(abs(fit.perDispatchNanoseconds / 2e4 - 1) < 0.25)
    #expect(fit.relativeSpread > 0.005 && fit.relativeSpread < 0.05)
  }

  @Test func aDispatchMaySaveAShareOfItsRowButASubmissionNothing() throws {
    let warm = observations(
      perDispatch: 0, perSubmission: 0, factors: [Double](repeating: 0.96, count: 12))
    let fit = try #require(Additivity(fitting: warm))
    #expect(abs((fit.savedShare ?? 0) - 0.04) < 1e-6)
    #expect(fit.perDispatchNanoseconds < 1 && fit.perSubmissionNanoseconds < 1)
    #expect(abs(fit.added(toRow: 1e6) + 4e4) < 2)
    let faster = observations(
      perDispatch: 0, perSubmission: 0, factors: [Double](repeating: 0.8, count: 12))
    let most = try #require(Additivity(fitting: faster))
    #expect(abs((most.savedShare ?? 0) - Additivity.mostSaved) < 1e-9)
    #expect(most.relativeSpread > 0.1)
  }

  @Test func whatATableOfBeforeSaysThatDispatchesSaveIsBounded() {
    let old = Additivity(
      perDispatchNanoseconds: -1e4, perSubmissionNanoseconds: 0, relativeSpread: 0, networks: 6)
    #expect(old.added(toRow: 1e6) == -1e4)
    #expect(abs(old.added(toRow: 4) + 0.4) < 1e-9)
  }

  @Test func whatThreeNetworksAreFittedToIsNoSpread() throws {
    // Three of four can always be met.
    var four = observations(perDispatch: 2e4, perSubmission: 3e5, factors: [1, 1, 1, 1.2])
    let fit = try #require(Additivity(fitting: four))
    #expect(fit.relativeSpread > 0.01)
    // Networks of one depth do not tell the constants apart.
    four = four.map { .init(rows: Array($0.rows.prefix(4)), measured: $0.measured) }
    #expect(Additivity(fitting: four) == nil)
  }

  /// As on a disturbed machine: rows that all save a tenth, and a submission that takes it back, come a little
  /// nearer to the wildest of six networks.
  @Test func constantsThatMakeUpForEachOtherAreNotTaken() throws {
    let networks = [
      (7, 31.7, 32.0), (20, 53.8, 53.9), (7, 78.7, 61.7), (20, 105, 99.7), (7, 123, 106),
      (20, 175, 169),
    ]
    let fit = try #require(
      Additivity(
        fitting: networks.map { count, rows, measured in
          .init(
            rows: Array(repeating: rows * 1e6 / Double(count), count: count),
            measured: measured * 1e6)
        }))
    #expect(fit.perSubmissionNanoseconds < 1e5)
    for (count, rows, _) in networks {
      #expect(abs(fit.added(toRow: rows * 1e6 / Double(count))) < 0.06 * rows * 1e6 / Double(count))
    }
  }

  /// As in a minute in which everything takes longer: that is no launch.
  @Test func constantsAddNoMoreThanAnEmptyDispatchAndSubmissionTake() throws {
    let slow = observations(perDispatch: 2e4, perSubmission: 3e5, factors: [1.1, 1.1, 1.1, 1.1])
    let fit = try #require(
      Additivity(
        fitting: slow,
        ceilings: Ceilings(emptyDispatchNanoseconds: 5e3, submissionNanoseconds: 1e4)))
    #expect(fit.perDispatchNanoseconds > 4.9e3 && fit.perDispatchNanoseconds <= 5e3)
    #expect(fit.perSubmissionNanoseconds > 9e3 && fit.perSubmissionNanoseconds <= 1e4)
    #expect(fit.relativeSpread > 0.02)
  }

  @Test func threeNetworksSayNothingOfTheirSpread() {
    let three = observations(perDispatch: 2e4, perSubmission: 3e5, factors: [1, 1, 1])
    #expect(Additivity(fitting: three) == nil)
  }

  @Test func nothingIsFittedOnNothing() {
    #expect(Additivity(fitting: []) == nil)
    #expect(Additivity(fitting: Array(repeating: .init(rows: [1], measured: 0), count: 4)) == nil)
  }
}
