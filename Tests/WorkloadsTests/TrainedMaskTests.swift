import Testing
import Workloads

@Suite("The mask of trained weights")
struct TrainedMaskTests {
  private func schemes(_ kernel: Int) -> [Sparsity.Scheme] {
    [.blockPunched, .unstructured] + (kernel == 3 ? [.pattern(.default)] : [])
  }

  /// Weights that are zero where a mask has them pruned.
  private func weights(_ mask: WeightMask) -> [Float] {
    (0..<mask.total).map { mask[$0] ? Float($0 + 1) : 0 }
  }

  @Test("is the one that they were pruned by", arguments: [(16, 20, 3), (3, 9, 3), (25, 7, 1)])
  func same(_ inputs: Int, _ outputs: Int, _ kernel: Int) throws {
    let dense = Convolution(kernel: kernel, inputs: inputs, outputs: outputs)
    for scheme in schemes(kernel) {
      let drawn = try dense.pruned(scheme, rate: 3, seed: 5)
      let workload = try Workload(.convolution(drawn), height: 4, width: 4)
      let mask = try #require(workload.mask)
      let trained = try WeightMask(scheme, of: weights(mask), dense)
      #expect(trained == mask)
      let pruned = try dense.pruned(scheme, by: trained)
      #expect(pruned.sparsity?.scheme == scheme)
      #expect(pruned.keptWeights == drawn.keptWeights)
      #expect(try Workload(.convolution(pruned), height: 4, width: 4).mask == mask)
    }
  }

  @Test("keeps whole blocks and patterns, whatever single weights are zero")
  func whole() throws {
    let dense = Convolution(kernel: 3, inputs: 4, outputs: 8)
    var weights = [Float](repeating: 0, count: 4 * 8 * 9)
    weights[(5 * 4 + 2) * 9 + 1] = 1
    let block = try WeightMask(.blockPunched, of: weights, dense)
    #expect(block.kept == 32)
    #expect((0..<8).allSatisfy { output in (0..<4).allSatisfy { block[output, $0, 1] } })
    let pattern = try WeightMask(.pattern(.default), of: weights, dense)
    #expect(pattern.kept == 4)
    #expect(pattern[5, 2, 1])
    #expect(try WeightMask(.unstructured, of: weights, dense).kept == 1)
  }

  @Test("keeps something of a layer without weights, as it cannot be left out")
  func zeros() throws {
    let dense = Convolution(kernel: 3, inputs: 6, outputs: 5)
    let zeros = [Float](repeating: 0, count: dense.weights)
    #expect(try WeightMask(.unstructured, of: zeros, dense).kept == 1)
    #expect(try WeightMask(.pattern(.default), of: zeros, dense).kept == 4)
    #expect(try WeightMask(.blockPunched, of: zeros, dense).kept == 20)
    for scheme in schemes(3) {
      _ = try dense.pruned(scheme, by: WeightMask(scheme, of: zeros, dense))
    }
  }

  @Test("is refused where kernels follow no pattern, with the place")
  func noPattern() throws {
    let dense = Convolution(kernel: 3, inputs: 2, outputs: 2)
    var weights = [Float](repeating: 0, count: 36)
    for tap in [0, 8] { weights[(1 * 2 + 0) * 9 + tap] = 1 }
    let error = #expect(throws: InvalidWorkload.self) {
      try WeightMask(.pattern(.default), of: weights, dense)
    }
    #expect(
      error?.description
        == "filter 1 keeps the weights 100000001 of channel 0, and no pattern does")
    #expect(throws: InvalidWorkload.self) {
      try WeightMask(.unstructured, of: [1, 2], dense)
    }
  }
}
