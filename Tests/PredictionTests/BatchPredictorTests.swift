import Networks
import Prediction
import Search
import Statistics
import SyntheticTables
import Tables
import Testing
import Workloads

@Suite struct `A batch of candidates` {
  private let table: LatencyTable
  private let predictor: LatencyPredictor

  /// A table that lacks half of what candidates need.
  init() throws {
    var generator = SplitMix64(state: 1)
    var workloads: Set<Workload> = []
    for _ in 0..<40 {
      let network = try LoweredNetwork(
        Self.candidate(using: &generator).graph(), fusingSplitBlocks: true)
      workloads.formUnion(network.counts.map(\.workload))
    }
    let sorted = workloads.sorted()
    var table = SyntheticDevice().table(sorted.indices.filter { $0 % 2 == 0 }.map { sorted[$0] })
    table.additivity = Additivity(
      savedShare: 0.03, perDispatchNanoseconds: 2500, perSubmissionNanoseconds: 40_000,
      relativeSpread: 0.01, networks: 3)
    self.table = table
    predictor = try LatencyPredictor(table: table)
  }

  private static func candidate(using generator: inout SplitMix64) throws -> Candidate {
    let space = try WDSRSpace(
      scale: 2 + generator.below(2), output: ImageSize(width: 96, height: 60), channels: [16, 24],
      cells: 1...5,
      blocks: generator.below(2) == 0 ? Candidate.Block.wdsr : Candidate.Block.allCases)
    return space.candidate(space.random(using: &generator), rate: [1.0, 2, 3][generator.below(3)])
  }

  private func answer(
    _ text: String, _ batch: BatchPredictor
  ) throws(InvalidNetwork) -> BatchPredictor.Answer {
    let bytes = Array(text.utf8)
    let result = bytes.withUnsafeBufferPointer { text in
      do throws(InvalidNetwork) {
        return Result<_, InvalidNetwork>.success(try batch.answer(text))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  @Test func `is predicted as each candidate alone`() throws {
    let batch = BatchPredictor(table, predictor: predictor)
    var generator = SplitMix64(state: 2)
    for _ in 0..<60 {
      let candidate = try Self.candidate(using: &generator)
      let alone = try NetworkPrediction(
        table.lowering(of: candidate.graph()), predictor: predictor)
      for text in [
        candidate.json, candidate.json.split(separator: "\n").joined(),
        // A reader of whole texts finds the list, one that cuts them does not.
        candidate.json.replacing(#""cells""#, with: #""c\u0065lls""#),
      ] {
        let answer = try answer(text, batch)
        for (one, other) in [
          (answer.nanoseconds, alone.nanoseconds), (answer.lowNanoseconds, alone.lowNanoseconds),
          (answer.highNanoseconds, alone.highNanoseconds),
        ] {
          #expect(abs(one - other) <= 1e-9 * other)
        }
      }
    }
  }

  @Test func `is not misled by a first line whose cells change what is beside them`() throws {
    let batch = BatchPredictor(table, predictor: predictor)
    for block in ["shuffle", "wdsr-a", "splitsr", "wdsr-b"] {
      let text =
        #"{"scale":2,"output":"96x60","channels":16,"cells":[{"block":"\#(block)"},{"block":"wdsr-a"}]}"#
      let alone = try NetworkPrediction(
        table.lowering(of: Candidate(json: Array(text.utf8)).graph()), predictor: predictor)
      let answer = try answer(text, batch)
      #expect(abs(answer.nanoseconds / alone.nanoseconds - 1) < 1e-9, "\(block)")
    }
  }

  @Test func `says of a wrong line what reading it alone says, with the cell's place`() throws {
    let batch = BatchPredictor(table, predictor: predictor)
    let good = #"{"block":"wdsr-a"}"#
    for (cells, head) in [
      (#"{"block":"wdsr-a","middle":[0]}"#, ""), (#"{"block":"x"}"#, ""), ("", ""), ("3", ""),
      (good + ",", ""), (good, #""seed":-1,"#), (good, #""cells":[],"#), (good, "]"),
      ([String](repeating: good, count: 257).joined(separator: ","), ""),
    ] {
      let list = cells.isEmpty || cells.hasPrefix("3") ? cells : "\(good),\(cells)"
      let text = #"{\#(head)"scale":2,"output":"96x60","channels":8,"cells":[\#(list)]}"#
      let alone = #expect(throws: InvalidNetwork.self) { try Candidate(json: Array(text.utf8)) }
      let error = #expect(throws: InvalidNetwork.self) { try answer(text, batch) }
      #expect(error?.description == alone?.description, "\(text)")
    }
  }

  @Test func `is refused by a row that the table lacks where every row is to be exact`() throws {
    let batch = BatchPredictor(table, predictor: predictor, exactOnly: true)
    let text = #"{"scale":3,"output":"42x42","channels":8,"cells":[{"block":"wdsr-b"}]}"#
    let error = #expect(throws: InvalidNetwork.self) { try answer(text, batch) }
    #expect(error?.description.contains("conv") == true)
  }
}
