import Testing
import Workloads

@Suite("A weight mask")
struct MaskTests {
  private func mask(_ it: Convolution) throws -> WeightMask {
    try #require(try Workload(.convolution(it), height: 9, width: 16).mask)
  }

  private func convolution(_ inputs: Int, _ outputs: Int, kernel: Int = 3) -> Convolution {
    Convolution(kernel: kernel, inputs: inputs, outputs: outputs)
  }

  /// The bits of one kernel as nine digits.
  private func pattern(_ mask: WeightMask, _ output: Int, _ input: Int) -> String {
    String((0..<9).map { mask[output, input, $0] ? "1" : "0" })
  }

  @Test("of patterns gives every kernel one of the library, all about as often")
  func patterns() throws {
    let mask = try mask(try convolution(64, 64).pruned(.pattern(.default), rate: 1))
    var counts: [String: Int] = [:]
    for output in 0..<64 {
      for input in 0..<64 { counts[pattern(mask, output, input), default: 0] += 1 }
    }
    #expect(
      counts.keys.sorted()
        == [
          "000011011", "000100111", "000110110", "000001111", "011011000", "110110000", "111001000",
          "111100000",
        ].sorted())
    #expect(counts.values.allSatisfy { (412...612).contains($0) })
    #expect(mask.kept == 64 * 64 * 4)
  }

  @Test(
    "of patterns and connectivity keeps equally many kernels of each filter, or one more",
    arguments: [(25, 20), (3, 19), (32, 32), (1, 1)])
  func connectivity(_ inputs: Int, _ outputs: Int) throws {
    let library = try PatternLibrary(["010111010", "111010001"])
    for rate in [1, 1.3, 2, 3.6] where (Double(inputs * outputs) / rate).rounded() > 0 {
      let it = try convolution(inputs, outputs).pruned(.pattern(library), rate: rate, seed: 9)
      let mask = try mask(it)
      let kernels = Int((Double(inputs * outputs) / rate).rounded())
      #expect(it.sparsity?.kept == kernels * 5)
      #expect(mask.kept == kernels * 5)
      let perFilter = (0..<outputs).map { output in
        (0..<inputs).count { pattern(mask, output, $0) != "000000000" }
      }
      #expect(perFilter.allSatisfy { $0 == kernels / outputs || $0 == kernels / outputs + 1 })
      for output in 0..<outputs {
        for input in 0..<inputs {
          #expect(["000000000", "010111010", "111010001"].contains(pattern(mask, output, input)))
        }
      }
    }
  }

  @Test(
    "of blocks keeps the same positions in all kernels of a block, ragged ones too",
    arguments: [25, 20, 19, 3, 32], [25, 20, 19, 3, 32])
  func blocks(_ inputs: Int, _ outputs: Int) throws {
    for (kernel, rate) in [(3, 2.0), (3, 7), (5, 4), (1, 1.7)] {
      let dense = convolution(inputs, outputs, kernel: kernel)
      guard let it = try? dense.pruned(.blockPunched, rate: rate) else {
        // A layer of one block has one position in a 1x1 kernel, to be kept or not.
        #expect(kernel == 1 && outputs <= 8 && inputs <= 4)
        continue
      }
      guard it.sparsity?.kept != it.weights else {
        #expect(kernel == 1 && outputs <= 8 && inputs <= 4)
        continue
      }
      let mask = try mask(it)
      #expect(mask.kept == it.sparsity?.kept)
      // Never further from the rate than the largest block is large.
      #expect(abs(Double(mask.kept) - Double(it.weights) / rate) <= 16)
      var counts: Set<Int> = []
      for top in stride(from: 0, to: outputs, by: 8) {
        for left in stride(from: 0, to: inputs, by: 4) {
          let positions = (0..<kernel * kernel).filter { mask[top, left, $0] }
          counts.insert(positions.count)
          for output in top..<min(top + 8, outputs) {
            for input in left..<min(left + 4, inputs) {
              #expect((0..<kernel * kernel).filter { mask[output, input, $0] } == positions)
            }
          }
        }
      }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("of blocks has the shape that is asked for")
  func blockShape() throws {
    let it = try convolution(12, 20).pruned(.blockPunched(filters: 4, channels: 3), rate: 3)
    let mask = try mask(it)
    #expect(it.sparsity?.kept == 720)
    for output in 0..<20 {
      for input in 0..<12 {
        #expect(pattern(mask, output, input) == pattern(mask, output / 4 * 4, input / 3 * 3))
      }
    }
    #expect(Set((0..<4).map { pattern(mask, 0, $0 * 3) }).count > 1)
  }

  @Test("without structure keeps exactly what is asked for, all weights about as often")
  func unstructured() throws {
    var counts = [Int](repeating: 0, count: 10 * 6 * 9)
    for seed in UInt32(1)...400 {
      let mask = try mask(try convolution(6, 10).pruned(.unstructured, rate: 4, seed: seed))
      #expect(mask.kept == 135)
      for index in counts.indices where mask[index] { counts[index] += 1 }
    }
    // 100 are expected, with a standard deviation of 8.7.
    #expect(counts.allSatisfy { (55...145).contains($0) })
    for rate in [1.01, 3, 10, 99.7, 540] {
      let it = try convolution(6, 10).pruned(.unstructured, rate: rate)
      #expect(try mask(it).kept == Int((540 / rate).rounded()))
    }
  }

  @Test("is the same for a seed on every machine and in every run, and another for another seed")
  func pinned() throws {
    let schemes: [(Sparsity.Scheme, String)] = [
      (.pattern(.default), "47bf567dc7c0a11d"), (.blockPunched, "3f3b3f951ca6a44a"),
      (.unstructured, "d3b8abfb56bc5608"),
    ]
    for (scheme, digest) in schemes {
      let masks = try [1, 1, 2, 3].map { seed in
        try mask(try convolution(20, 25).pruned(scheme, rate: 3.6, seed: seed))
      }
      #expect(masks[0] == masks[1])
      #expect(masks[0].digest == digest)
      #expect(Set(masks).count == 3)
      #expect(Set(masks.map(\.digest)).count == 3)
      #expect(Set(masks.map(\.kept)).count == 1)
    }
  }

  @Test("counts its weights, and its digest knows its shape")
  func shape() throws {
    let wide = WeightMask(outputs: 2, inputs: 3, kernel: 1) { output, _, _ in output == 0 }
    let tall = WeightMask(outputs: 3, inputs: 2, kernel: 1) { output, _, _ in output == 0 }
    #expect((wide.kept, wide.total) == (3, 6))
    #expect((0..<6).map { wide[$0] } == [true, true, true, false, false, false])
    #expect((tall.kept, tall.total) == (2, 6))
    #expect(wide.digest != tall.digest)
    #expect(wide.digest.count == 16)
  }

  @Test("of a pruned workload makes its reference: pruned weights count as zero")
  func reference() throws {
    let dense = convolution(5, 9)
    for scheme: Sparsity.Scheme in [.pattern(.default), .blockPunched, .unstructured] {
      let it = try dense.pruned(scheme, rate: 2)
      let workload = try Workload(.convolution(it), height: 4, width: 6)
      let mask = try mask(it)
      let data = TestData(seed: 3)
      let pruned = TestData(for: workload, seed: 3)
      for index in 0..<it.weights {
        #expect(pruned.value(.weights, index) == (mask[index] ? data.value(.weights, index) : 0))
      }
      var differs = false
      for point in workload.checkPoints() {
        let (c, y, x) = (point.channel, point.y, point.x)
        var value = Double(data.value(.bias, c))
        for input in 0..<5 {
          for tap in 0..<9 where mask[c, input, tap] {
            let (row, column) = (y + tap / 3 - 1, x + tap % 3 - 1)
            guard 0..<4 ~= row, 0..<6 ~= column else { continue }
            value +=
              Double(data.value(.weights, (c * 5 + input) * 9 + tap))
              * Double(data.value(.input, (input * 4 + row) * 6 + column))
          }
        }
        #expect(Reference(workload, data: data).element(c, y, x).value == value)
        #expect(Reference(workload, data: pruned).element(c, y, x).value == value)
        let whole = Reference(try Workload(.convolution(dense), height: 4, width: 6), data: data)
        if whole.element(c, y, x).value != value { differs = true }
      }
      #expect(differs)
    }
  }
}
