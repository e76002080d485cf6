import Networks
import Prediction
import Profiles
import Search
import SearchExamples
import Statistics
import SyntheticTables
import Tables
import Testing
import Workloads

@Suite struct `A space of WDSR` {
  private static let spaces: [[Candidate.Block]] = [
    Candidate.Block.wdsr, [.wdsrA, .invertedResidual], Candidate.Block.allCases,
  ]

  @Test(arguments: spaces)
  func `gives points of its own that differ from their mutants by one choice`(
    blocks: [Candidate.Block]
  ) throws {
    let space = try smallSpace(channels: [32, 64], blocks: blocks)
    var random = SplitMix64(state: 1)
    for _ in 0..<500 {
      let point = space.random(using: &random)
      #expect(space.contains(point))
      #expect(Point(point.description) == point)
      let mutant = space.mutated(point, using: &random)
      #expect(space.contains(mutant))
      #expect(mutant != point)
      _ = try space.candidate(mutant, rate: 2).graph()
    }
  }

  @Test func `refuses points that are none of its own`() throws {
    let space = try smallSpace()
    var random = SplitMix64(state: 2)
    var point = space.random(using: &random)
    point.choices[0] = 2
    #expect(!space.contains(point))
    #expect(!space.contains(Point([0, 0])))
    point = Point([UInt8](repeating: 0, count: point.choices.count))
    #expect(space.contains(point))
    // A pattern for a 1x1 kernel.
    point.choices[2] = 1
    point.choices[3] = 1
    #expect(!space.contains(point))
  }

  @Test(arguments: [1, 2], spaces)
  func `is predicted as its networks are predicted`(
    share: Int, blocks: [Candidate.Block]
  ) throws {
    let space = try smallSpace(blocks: blocks)
    let table = try table(of: space, share: share)
    let predictor = try LatencyPredictor(table: table)
    let latency: any PointLatency =
      blocks.allSatisfy(\.isIndependent)
      ? try WDSRLatency(space, table: table, predictor: predictor)
      : try WholeNetworkLatency(space, table: table, predictor: predictor)
    var random = SplitMix64(state: 3)
    for _ in 0..<100 {
      let point = space.random(using: &random)
      let place = random.below(space.rates.count)
      guard let graph = try? space.candidate(point, rate: space.rates[place]).graph() else {
        #expect(latency.nanoseconds(point, rate: place) == .infinity)
        continue
      }
      let prediction = try NetworkPrediction(
        try table.lowering(of: graph), predictor: predictor)
      let found = latency.nanoseconds(point, rate: place)
      #expect(abs(found / prediction.nanoseconds - 1) < 1e-9)
      let high = found + latency.upperHalfWidth(point, rate: place)
      #expect(abs(high / prediction.highNanoseconds - 1) < 1e-9)
    }
  }

  @Test(arguments: [nil, 0.95])
  func `meets a latency at the smallest rate that does`(confidence: Double?) throws {
    let space = try smallSpace()
    let table = try table(of: space)
    let predictor = try LatencyPredictor(table: table)
    let latency = try WDSRLatency(space, table: table, predictor: predictor)
    let limit = LatencyLimit(nanoseconds: 4.5e6, confidence: confidence)
    let limited = try SearchSpace.wdsr(space).limited(
      to: limit, table: table, predictor: predictor)
    #expect(limited.fastest.highNanoseconds <= limit.nanoseconds)
    var random = SplitMix64(state: 4)
    var rates: Set<Double> = []
    for _ in 0..<300 {
      let point = limited.random(using: &random)
      func high(_ rate: Int) -> Double {
        latency.nanoseconds(point, rate: rate)
          + (confidence == nil ? 0 : latency.upperHalfWidth(point, rate: rate))
      }
      let expected = space.rates.indices.first { high($0) <= limit.nanoseconds * (1 + 1e-12) }
      let found = limited.feasible(point)
      #expect(found?.rate == expected.map { space.rates[$0] })
      guard let found else { continue }
      rates.insert(found.rate)
      #expect(found.nanoseconds <= found.highNanoseconds)
      #expect(limited.feasible(found.point) == found)
    }
    #expect(rates.count > 2)
  }

  @Test func `has one point for networks that are equal at rate 1`() throws {
    let space = try smallSpace()
    let table = try table(of: space)
    let limited = try SearchSpace.wdsr(space).limited(
      to: LatencyLimit(nanoseconds: 1e12), table: table,
      predictor: LatencyPredictor(table: table))
    var random = SplitMix64(state: 5)
    var networks: [Candidate: Point] = [:]
    for _ in 0..<300 {
      let found = try #require(limited.feasible(limited.random(using: &random)))
      #expect(found.rate == 1)
      let network = space.candidate(found.point, rate: 1)
      #expect(networks[network] ?? found.point == found.point)
      networks[network] = found.point
    }
  }

  @Test func `says which latency can be reached`() throws {
    let space = try smallSpace()
    let table = try table(of: space)
    let predictor = try LatencyPredictor(table: table)
    let limit = LatencyLimit(nanoseconds: 1000)
    let error = #expect(throws: UnreachableLatency.self) {
      try SearchSpace.wdsr(space).limited(to: limit, table: table, predictor: predictor)
    }
    let reachable = try #require(error?.reachableNanoseconds)
    let limited = try SearchSpace.wdsr(space).limited(
      to: LatencyLimit(nanoseconds: reachable), table: table, predictor: predictor)
    #expect(limited.fastest.nanoseconds == reachable)
  }

  @Test func `draws the same candidates by the same seed, with rates of their own`() throws {
    let space = try WDSRSpace(scale: 2, cells: 3...5)
    var (first, again) = (SplitMix64(state: 7), SplitMix64(state: 7))
    var drawn: Set<Candidate> = []
    for _ in 0..<200 {
      let candidate = try space.randomCandidate(using: &first)
      #expect(try space.randomCandidate(using: &again) == candidate)
      #expect(3...5 ~= candidate.cells.count)
      drawn.insert(candidate)
    }
    #expect(drawn.count == 200)
    let layers = drawn.flatMap { $0.cells.flatMap(\.layers) }
    #expect(Set(layers.map(\.scheme)) == Set(PruningScheme.allCases))
    #expect(drawn.contains { Set($0.cells.flatMap { $0.layers.map(\.rate) }).count > 2 })
  }

  @Test func `cannot be empty`() {
    #expect(throws: InvalidNetwork("the search space has no blocks")) {
      try WDSRSpace(scale: 2, blocks: [])
    }
    #expect(throws: InvalidNetwork.self) { try WDSRSpace(scale: 2, channels: [16, 16]) }
    #expect(throws: InvalidNetwork.self) { try WDSRSpace(scale: 5) }
  }
}

@Suite struct `A space of SplitSR` {
  @Test func `has each network once`() throws {
    let space = try SplitSRSpace(scale: 4)
    #expect(space.points.count == 81)
    #expect(space.points.allSatisfy { space.canonical($0) == $0 })
    // Location upsampler: neither hybrid index nor mode has an effect.
    #expect(space.canonical(Point([1, 3, 1, 1])) == Point([1, 0, 0, 1]))
    // No split block: nothing has.
    #expect(space.canonical(Point([2, 0, 1, 0])) == Point([0, 0, 0, 0]))
    #expect(space.canonical(Point([9, 0, 0, 0])) == nil)
  }

  @Test func `is searched under a limit`() throws {
    let space = try SplitSRSpace(scale: 4, output: ImageSize(width: 320, height: 192))
    let table = SyntheticDevice().table(try convolutions())
    let predictor = try LatencyPredictor(table: table)
    let error = #expect(throws: UnreachableLatency.self) {
      try SearchSpace.splitSR(space).limited(
        to: LatencyLimit(nanoseconds: 1), table: table, predictor: predictor)
    }
    let reachable = try #require(error?.reachableNanoseconds)
    let limited = try SearchSpace.splitSR(space).limited(
      to: LatencyLimit(nanoseconds: 3 * reachable), table: table, predictor: predictor)
    let proposal = Strategy(.random, first: 5).proposal(
      round: 0, seed: 1, history: [], in: limited)
    #expect(proposal.chosen.count == 5)
    for one in proposal.considered {
      let graph = try SearchSpace.splitSR(space).network(of: one.point, rate: 1).graph()
      let prediction = try NetworkPrediction(
        try table.lowering(of: graph), predictor: predictor)
      #expect(abs(one.nanoseconds / prediction.nanoseconds - 1) < 1e-9)
      #expect(one.nanoseconds <= 3 * reachable)
    }
  }
}

@Suite struct `A space file` {
  @Test func `is read as it is written`() throws {
    let yaml = """
      family: wdsr
      scale: 3
      output: 960x540
      channels: [24, 16]
      cells: { from: 4, to: 8 }
      blocks: wdsr-b
      schemes: [none, block-punched]
      rates: [1, 2, 4]
      """
    let space = try SearchSpace(yaml: yaml, file: "my.yaml")
    guard case .wdsr(let it) = space else {
      Issue.record("no space of WDSR")
      return
    }
    #expect(it.scale == 3 && it.channels == [16, 24] && it.cells == 4...8)
    #expect(
      it.blocks == [.wdsrB] && it.schemes == [.none, .blockPunched] && it.rates == [1, 2, 4])
    #expect(try SearchSpace(yaml: space.json, file: "its.json") == space)
    let other = try SearchSpace(yaml: "{\"family\": \"splitsr\", \"scale\": 4}", file: "a.json")
    #expect(try SearchSpace(yaml: other.json, file: "its.json") == other)
    #expect(try SearchSpace(yaml: "family: splitsr", file: "a", scale: 2).scale == 2)
  }

  @Test(arguments: [
    ("", "my.yaml:1:1: the file is empty; a search space has a family"),
    ("family: wdrs\nscale: 2", "my.yaml:1:9: family is not 'wdrs'; did you mean 'wdsr'?"),
    ("family: wdsr", "my.yaml:1:1: a space of wdsr needs scale"),
    ("family: wdsr\nscale: 5", "my.yaml:2:8: scale is 2 to 4, not 5"),
    ("family: wdsr\nscale: 2\ncells: 0", "my.yaml:3:8: cells is 1 to 256, not 0"),
    (
      "family: wdsr\nscale: 2\ncells: { from: 4, to: 2 }",
      "my.yaml:3:8: cells is from 4 to 2, which is nothing"
    ),
    ("family: wdsr\nscale: 2\nchannels: [8, 8]", "my.yaml:3:15: channels has '8' twice"),
    (
      "family: wdsr\nscale: 2\nrates: [0.5]",
      "my.yaml:3:9: rates is a number from 1.0 to 1024.0, not '0.5'"
    ),
    (
      "family: wdsr\nscale: 2\nschemes: [patern]",
      "my.yaml:3:11: schemes is not 'patern'; did you mean 'pattern'?"
    ),
    (
      "family: wdsr\nscale: 2\nratios: [1]",
      "my.yaml:3:1: unknown key 'ratios'; did you mean 'rates'?"
    ),
  ])
  func `with a mistake is refused with its place`(yaml: String, sentence: String) {
    let error = #expect(throws: ProfileError.self) {
      try SearchSpace(yaml: yaml, file: "my.yaml")
    }
    #expect(error?.description == sentence)
  }
}
