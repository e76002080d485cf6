import Testing
import Workloads

/// Arithmetic in binary16, in several orders, is right; one wrong term is not.
@Suite("The check of a float16 output")
struct Float16Tests {
  private struct Term {
    var weight: Float16
    var input: Float16
  }

  /// A convolution without groups and stride, term by term.
  private struct Layer {
    let workload: Workload
    let it: Convolution
    let data: TestData
    let expected: [(point: CheckPoint, element: Reference.Element)]

    init(_ it: Convolution, height: Int = 24, width: Int = 40) throws {
      self.it = it
      workload = try Workload(
        .convolution(it), height: height, width: width, elementType: .float16)
      data = TestData(for: workload)
      let reference = Reference(workload)
      expected = workload.checkPoints(budget: 1000).prefix(300).map {
        ($0, reference.element($0.channel, $0.y, $0.x))
      }
    }

    func weight(_ output: Int, _ input: Int, _ tap: Int) -> Float16 {
      Float16(data.value(.weights, (output * it.inputs + input) * it.kernel * it.kernel + tap))
    }

    func input(_ channel: Int, _ y: Int, _ x: Int) -> Float16 {
      guard 0..<workload.height ~= y, 0..<workload.width ~= x else { return 0 }
      return Float16(data.value(.input, (channel * workload.height + y) * workload.width + x))
    }

    func terms(_ point: CheckPoint) -> [Term] {
      (0..<it.inputs).flatMap { channel in
        (0..<it.kernel * it.kernel).map { term(point, channel, $0) }
      }
    }

    func term(_ point: CheckPoint, _ channel: Int, _ tap: Int) -> Term {
      let (dy, dx) = (tap / it.kernel - it.kernel / 2, tap % it.kernel - it.kernel / 2)
      return Term(
        weight: weight(point.channel, channel, tap),
        input: input(channel, point.y + dy, point.x + dx))
    }

    /// Bias, activation and residual, in binary16.
    func finish(_ sum: Float16, _ point: CheckPoint) -> Float16 {
      var value = sum + Float16(data.value(.bias, point.channel))
      let index = (point.channel * workload.height + point.y) * workload.width + point.x
      let residual = it.residual == .none ? 0 : Float16(data.value(.residual, index))
      if it.residual == .beforeActivation { value += residual }
      switch it.activation {
      case .none: break
      case .relu: value = max(value, 0)
      case .prelu: value = value > 0 ? value : value * Float16(data.value(.slopes, point.channel))
      case .clip(let low, let high): value = min(max(value, Float16(low)), Float16(high))
      case .sigmoid, .tanh: value = Float16(it.activation(Double(value), slope: 0))
      }
      return it.residual == .afterActivation ? value + residual : value
    }

    func error(_ output: (CheckPoint) -> Float16) -> Double {
      Reference.largestError(expected, tolerance) { Float(output($0)) }
    }

    var tolerance: Tolerance { workload.tolerance(accumulating: .float16) }
  }

  private static let orders: [(String, @Sendable ([Term]) -> Float16)] = [
    ("first to last, fused", { $0.reduce(0) { $0.addingProduct($1.weight, $1.input) } }),
    ("last to first", { $0.reversed().reduce(0) { $0 + $1.weight * $1.input } }),
    (
      "positive before negative: the largest sums on the way",
      { terms in
        let products = terms.map { $0.weight * $0.input }.sorted(by: >)
        return products.reduce(0, +)
      }
    ),
    (
      "four sums side by side",
      { terms in
        var sums = [Float16](repeating: 0, count: 4)
        for (index, term) in terms.enumerated() { sums[index % 4] += term.weight * term.input }
        return (sums[0] + sums[1]) + (sums[2] + sums[3])
      }
    ),
    (
      "in float32",
      { Float16($0.reduce(Float(0)) { $0 + Float($1.weight) * Float($1.input) }) }
    ),
  ]

  @Test("accepts right sums in any order", arguments: [1, 3, 5], [16, 32, 64])
  func right(_ kernel: Int, _ channels: Int) throws {
    let epilogues: [(Activation, Residual)] = [
      (.none, .none), (.relu, .afterActivation), (.prelu, .afterActivation),
      (.prelu, .beforeActivation), (.clip(minimum: 0, maximum: 1), .none),
      (.sigmoid, .beforeActivation), (.tanh, .none),
    ]
    for (activation, residual) in epilogues {
      let layer = try Layer(
        Convolution(
          kernel: kernel, inputs: channels, outputs: 16, activation: activation,
          residual: residual))
      for (name, sum) in Self.orders {
        // Sorted sums of many terms leave what binary16 holds exactly; no kernel adds like that.
        if name.hasPrefix("positive"), kernel * kernel * channels > 600 { continue }
        let error = layer.error { layer.finish(sum(layer.terms($0)), $0) }
        #expect(error <= layer.tolerance.share, "\(layer.workload), \(name)")
      }
    }
  }

  @Test("finds one wrong term of each sum", arguments: [1, 3, 5], [16, 32, 64])
  func wrong(_ kernel: Int, _ channels: Int) throws {
    let layer = try Layer(Convolution(kernel: kernel, inputs: channels, outputs: 16))
    let tap = kernel * kernel / 2
    let mistakes: [(String, (CheckPoint) -> Term)] = [
      ("missing", { _ in Term(weight: 0, input: 0) }),
      (
        "a tap too far left",
        { layer.term(CheckPoint($0.channel, $0.y, $0.x - 1), channels - 1, tap) }
      ),
      (
        "a row too low",
        { layer.term(CheckPoint($0.channel, $0.y + 1, $0.x), channels - 1, tap) }
      ),
      ("of another input channel", { layer.term($0, channels - 2, tap) }),
      (
        "with another filter's weight",
        { point in
          var term = layer.term(point, channels - 1, tap)
          term.weight = layer.weight((point.channel + 1) % 16, channels - 1, tap)
          return term
        }
      ),
    ]
    for (name, mistake) in mistakes {
      for (_, sum) in Self.orders {
        let error = layer.error { point in
          var terms = layer.terms(point)
          terms[(channels - 1) * kernel * kernel + tap] = mistake(point)
          return layer.finish(sum(terms), point)
        }
        #expect(error > 2 * layer.tolerance.share, "\(layer.workload), a term \(name)")
      }
    }
  }

  @Test("finds a wrong bias, slope or residual")
  func wrongEpilogue() throws {
    let layer = try Layer(
      Convolution(
        kernel: 3, inputs: 64, outputs: 16, activation: .prelu, residual: .afterActivation))
    let sum = try #require(Self.orders.first).1
    func values(_ point: CheckPoint) -> Float16 { layer.finish(sum(layer.terms(point)), point) }
    func neighbour(_ point: CheckPoint) -> CheckPoint {
      CheckPoint((point.channel + 1) % 16, point.y, point.x)
    }
    #expect(layer.error(values) <= layer.tolerance.share)
    // The whole epilogue of the channel beside it: its bias, its slope, its residual.
    let error = layer.error { layer.finish(sum(layer.terms($0)), neighbour($0)) }
    #expect(error > 2 * layer.tolerance.share)
    let noResidual = layer.error { point in
      let index = (point.channel * 24 + point.y) * 40 + point.x
      return values(point) - Float16(layer.data.value(.residual, index))
    }
    #expect(noResidual > 2 * layer.tolerance.share)
  }

  @Test(
    "of a pooled plane accepts sums in float32 and finds one missing pixel",
    arguments: [(9, 16), (90, 160), (180, 320), (360, 640)])
  func pooled(_ height: Int, _ width: Int) throws {
    let workload = try Workload(
      .globalAveragePool(channels: 16), height: height, width: width, elementType: .float16)
    let data = TestData(for: workload)
    let reference = Reference(workload)
    let expected = workload.checkPoints().map { ($0, reference.element($0.channel, 0, 0)) }
    let tolerance = workload.tolerance(accumulating: .float32)
    let count = height * width
    func mean(_ point: CheckPoint, of pixels: Range<Int>) -> Float {
      let start = point.channel * count
      let sum = pixels.reduce(Float(0)) { $0 + data.value(.input, start + $1) / Float(count) }
      return Float(Float16(sum))
    }
    let right = Reference.largestError(expected, tolerance) { mean($0, of: 0..<count) }
    #expect(right <= tolerance.share)
    let wrong = Reference.largestError(expected, tolerance) { mean($0, of: 0..<count - 1) }
    #expect(wrong > 2 * tolerance.share)
    // No mean is so small that a device may take it for zero.
    for (_, element) in expected {
      #expect(abs(element.value) >= 0x1p-14 || abs(element.value) < 1e-12)
      #expect(abs(element.value) < 16)
    }
  }

  @Test(
    "is exact for the other operators",
    arguments: [Operation.add(channels: 5), .channelScale(channels: 5)])
  func others(_ operation: Operation) throws {
    let workload = try Workload(operation, height: 7, width: 9, elementType: .float16)
    let reference = Reference(workload)
    for point in workload.checkPoints() {
      let value = reference.element(point.channel, point.y, point.x).value
      #expect(Double(Float16(value)) == value)
    }
    #expect(workload.tolerance(accumulating: .float16).share < 0.001)
  }
}

@Suite("Test data for float16")
struct Float16DataTests {
  private func data(_ operation: Operation, _ height: Int, _ width: Int) throws -> TestData {
    TestData(
      for: try Workload(operation, height: height, width: width, elementType: .float16))
  }

  @Test("is made of six values, evenly spread, none of them zero", arguments: Operand.allCases)
  func values(_ operand: Operand) throws {
    let data = try data(
      .convolution(Convolution(kernel: 3, inputs: 64, outputs: 64)), 24, 40)
    var counts: [Float: Int] = [:]
    for index in 0..<12_000 { counts[data.value(operand, index), default: 0] += 1 }
    #expect(
      counts.keys.sorted()
        == (operand == .slopes ? [-0.5, -0.25, 0.25, 0.5] : [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75]))
    #expect(counts.values.allSatisfy { abs($0 - 12_000 / counts.count) < 300 })
  }

  @Test("of long sums has two values, and the sums on the way stay exact")
  func long() throws {
    let it = Convolution(kernel: 5, inputs: 512, outputs: 4)
    let data = try data(.convolution(it), 24, 40)
    #expect(Set((0..<1000).map { data.value(.input, $0) }) == [-0.25, 0.25])
    var (sum, largest) = (Float(0), Float(0))
    for index in 0..<12_800 {
      sum += data.value(.input, index) * data.value(.weights, index)
      largest = max(largest, abs(sum))
    }
    #expect(largest < 128)
  }

  @Test("is float32's where the workload is")
  func float32() throws {
    let workload = try Workload(.add(channels: 3), height: 2, width: 3)
    #expect(TestData(for: workload) == TestData())
  }
}
