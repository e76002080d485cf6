import Glibc
import Testing
import Workloads

/// Each expected value is written out as the sum it is.
@Suite("The reference answer")
struct ReferenceTests {
  private let data = TestData(seed: 5)

  private func value(_ operand: Operand, _ index: Int) -> Double {
    Double(data.value(operand, index))
  }

  private func reference(_ operation: Operation, _ height: Int, _ width: Int) throws -> Reference {
    Reference(try Workload(operation, height: height, width: width), data: data)
  }

  private func convolution(
    _ convolution: Convolution, _ height: Int, _ width: Int
  ) throws -> Reference {
    try reference(.convolution(convolution), height, width)
  }

  @Test("of a 1x1 convolution of one pixel is a scalar product and the bias")
  func onePixel() throws {
    let reference = try convolution(Convolution(kernel: 1, inputs: 2, outputs: 2), 1, 1)
    let x = (value(.input, 0), value(.input, 1))
    #expect(
      reference.element(0, 0, 0).value
        == value(.bias, 0) + value(.weights, 0) * x.0 + value(.weights, 1) * x.1)
    #expect(
      reference.element(1, 0, 0).value
        == value(.bias, 1) + value(.weights, 2) * x.0 + value(.weights, 3) * x.1)
    #expect(
      reference.element(1, 0, 0).magnitude
        == abs(value(.bias, 1)) + abs(value(.weights, 2) * x.0) + abs(value(.weights, 3) * x.1))
  }

  @Test("of any convolution of one pixel is made of the middle weight")
  func middleWeight() throws {
    for kernel in [3, 5, 7] {
      let reference = try convolution(Convolution(kernel: kernel, inputs: 1, outputs: 1), 1, 1)
      #expect(
        reference.element(0, 0, 0).value
          == value(.bias, 0) + value(.weights, kernel * kernel / 2) * value(.input, 0))
    }
  }

  @Test("of a 3x3 convolution has zeros around the map")
  func border() throws {
    // Map of 2 rows and 3 columns: 0 1 2 / 3 4 5.
    let reference = try convolution(Convolution(kernel: 3, inputs: 1, outputs: 1), 2, 3)
    func w(_ index: Int) -> Double { value(.weights, index) }
    func x(_ index: Int) -> Double { value(.input, index) }
    #expect(
      reference.element(0, 0, 0).value
        == value(.bias, 0) + w(4) * x(0) + w(5) * x(1) + w(7) * x(3) + w(8) * x(4))
    #expect(
      reference.element(0, 0, 1).value
        == value(.bias, 0) + w(3) * x(0) + w(4) * x(1) + w(5) * x(2)
        + w(6) * x(3) + w(7) * x(4) + w(8) * x(5))
    #expect(
      reference.element(0, 1, 2).value
        == value(.bias, 0) + w(0) * x(1) + w(1) * x(2) + w(3) * x(4) + w(4) * x(5))
  }

  @Test("of a strided convolution begins at the first pixel and takes every second")
  func stride() throws {
    // Map of 3 rows and 3 columns: output (1, 1) is centred on pixel 8, the last.
    let reference = try convolution(Convolution(kernel: 3, inputs: 1, outputs: 1, stride: 2), 3, 3)
    func w(_ index: Int) -> Double { value(.weights, index) }
    func x(_ index: Int) -> Double { value(.input, index) }
    #expect(
      reference.element(0, 0, 0).value
        == value(.bias, 0) + w(4) * x(0) + w(5) * x(1) + w(7) * x(3) + w(8) * x(4))
    #expect(
      reference.element(0, 1, 1).value
        == value(.bias, 0) + w(0) * x(4) + w(1) * x(5) + w(3) * x(7) + w(4) * x(8))
  }

  @Test("of several channels walks channels outside, pixels inside")
  func channels() throws {
    // Two channels of 1 row and 2 columns: 0 1 and 2 3. Weights 9 to 17 are those of channel 1.
    let reference = try convolution(Convolution(kernel: 3, inputs: 2, outputs: 1), 1, 2)
    #expect(
      reference.element(0, 0, 1).value
        == value(.bias, 0) + value(.weights, 3) * value(.input, 0)
        + value(.weights, 4) * value(.input, 1) + value(.weights, 12) * value(.input, 2)
        + value(.weights, 13) * value(.input, 3))
  }

  @Test("of a depthwise convolution reads the channel's own plane")
  func depthwise() throws {
    let reference = try convolution(
      Convolution(kernel: 3, inputs: 3, outputs: 3, groups: 3), 1, 2)
    #expect(
      reference.element(2, 0, 0).value
        == value(.bias, 2) + value(.weights, 22) * value(.input, 4)
        + value(.weights, 23) * value(.input, 5))
  }

  @Test("of several groups reads the channels of the output's own group")
  func groups() throws {
    let reference = try convolution(
      Convolution(kernel: 1, inputs: 8, outputs: 16, groups: 2), 1, 2)
    // Output 9 is the second of the second group, which reads channels 4 to 7 at pixel 1.
    let terms = (0..<4).map { value(.weights, 9 * 4 + $0) * value(.input, (4 + $0) * 2 + 1) }
    #expect(reference.element(9, 0, 1).value == terms.reduce(value(.bias, 9), +))
  }

  @Test("puts channels that pass in front, and convolves the others")
  func passing() throws {
    let passing = try convolution(
      Convolution(kernel: 3, inputs: 8, outputs: 4, activation: .relu, passing: 12), 2, 3)
    let plain = try convolution(
      Convolution(kernel: 3, inputs: 8, outputs: 4, activation: .relu), 2, 3)
    #expect(passing.element(5, 1, 2).value == value(.input, 13 * 6 + 5))
    #expect(passing.element(14, 1, 2) == plain.element(2, 1, 2))
  }

  @Test("of a bilinear resize has pixel centres at half, and repeats the border")
  func bilinear() throws {
    // Four pixels a, b; c, d at x2: 0.75 and 0.25 of neighbours, the corner alone.
    let reference = try reference(.resize(.bilinear, factor: 2, channels: 1), 2, 2)
    let (a, b) = (value(.input, 0), value(.input, 1))
    let (c, d) = (value(.input, 2), value(.input, 3))
    #expect(reference.element(0, 0, 0).value == a)
    #expect(reference.element(0, 0, 1).value == 0.75 * a + 0.25 * b)
    #expect(reference.element(0, 0, 2).value == 0.25 * a + 0.75 * b)
    #expect(reference.element(0, 0, 3).value == b)
    #expect(
      reference.element(0, 1, 2).value
        == 0.75 * (0.25 * a + 0.75 * b) + 0.25 * (0.25 * c + 0.75 * d))
    #expect(reference.element(0, 3, 3).value == d)
    let nearest = try self.reference(.resize(.nearest, factor: 3, channels: 2), 2, 2)
    #expect(nearest.element(1, 5, 2).value == value(.input, 6))
  }

  @Test("applies activations and residuals in their order")
  func epilogue() throws {
    var seen: Set<Bool> = []
    for channel in 0..<8 {
      let bias = value(.bias, channel)
      let plain =
        bias + value(.weights, channel) * value(.input, 0)
      let residual = value(.residual, channel)
      let slope = value(.slopes, channel)
      func element(_ activation: Activation, _ residual: Residual) throws -> Double {
        try convolution(
          Convolution(
            kernel: 1, inputs: 1, outputs: 8, activation: activation, residual: residual), 1, 1
        ).element(channel, 0, 0).value
      }
      let clip = Activation.clip(minimum: -0.25, maximum: 0.5)
      #expect(try element(.none, .none) == plain)
      #expect(try element(.relu, .none) == max(plain, 0))
      #expect(try element(.prelu, .none) == (plain > 0 ? plain : slope * plain))
      #expect(try element(clip, .none) == min(max(plain, -0.25), 0.5))
      #expect(try element(.none, .afterActivation) == plain + residual)
      #expect(try element(.relu, .afterActivation) == max(plain, 0) + residual)
      #expect(try element(.relu, .beforeActivation) == max(plain + residual, 0))
      #expect(try element(clip, .afterActivation) == min(max(plain, -0.25), 0.5) + residual)
      #expect(try element(clip, .beforeActivation) == min(max(plain + residual, -0.25), 0.5))
      #expect(abs(try element(.tanh, .none) - (1 - 2 / (exp(2 * plain) + 1))) < 1e-14)
      #expect(
        try element(.sigmoid, .beforeActivation) == 1 / (1 + exp(-plain - residual)))
      let sum = plain + residual
      #expect(try element(.prelu, .beforeActivation) == (sum > 0 ? sum : slope * sum))
      seen.insert(plain > 0)
    }
    #expect(seen == [true, false])
  }

  @Test("adds the residual's own element, at the convolution's shape")
  func residualPlace() throws {
    let reference = try convolution(
      Convolution(kernel: 1, inputs: 1, outputs: 4, residual: .afterActivation, shuffle: 2), 2, 3)
    // Output (0, 3, 4) is channel 2 of the convolution at (1, 2).
    #expect(
      reference.element(0, 3, 4).value
        == value(.bias, 2) + value(.weights, 2) * value(.input, 5) + value(.residual, 17))
  }

  @Test("of a pixel shuffle spreads channels over squares, row by row", arguments: [2, 3, 4])
  func pixelShuffle(_ r: Int) throws {
    let reference = try reference(.pixelShuffle(factor: r, channels: 2), 2, 3)
    for channel in 0..<2 {
      for y in 0..<2 {
        for x in 0..<3 {
          for row in 0..<r {
            for column in 0..<r {
              let plane = channel * r * r + row * r + column
              #expect(
                reference.element(channel, y * r + row, x * r + column).value
                  == value(.input, plane * 6 + y * 3 + x))
            }
          }
        }
      }
    }
  }

  @Test("of a pixel-shuffle store is the shuffled convolution", arguments: [2, 3, 4])
  func shuffleStore(_ r: Int) throws {
    var it = Convolution(kernel: 3, inputs: 3, outputs: 2 * r * r, activation: .prelu)
    let plain = try convolution(it, 4, 5)
    it.shuffle = r
    let stored = try convolution(it, 4, 5)
    for channel in 0..<2 * r * r {
      for (y, x) in [(0, 0), (1, 3), (3, 4)] {
        #expect(
          stored.element(
            channel / (r * r), y * r + channel % (r * r) / r, x * r + channel % r)
            == plain.element(channel, y, x))
      }
    }
  }

  @Test("of the other operators")
  func others() throws {
    let add = try reference(.add(channels: 2), 2, 3)
    #expect(add.element(1, 1, 2).value == value(.input, 11) + value(.second, 11))
    let concat = try reference(.concat(first: 2, second: 3), 2, 3)
    #expect(concat.element(1, 0, 1).value == value(.input, 7))
    #expect(concat.element(2, 0, 1).value == value(.second, 1))
    #expect(concat.element(4, 1, 2).value == value(.second, 17))
    let multiply = try reference(.multiply(channels: 2), 2, 3)
    #expect(multiply.element(1, 1, 2).value == value(.input, 11) * value(.second, 11))
    #expect(
      try reference(.copy(channels: 2), 2, 3).element(1, 1, 2).value == value(.input, 11))
    let scale = try reference(.channelScale(channels: 3), 2, 3)
    #expect(scale.element(2, 1, 0).value == value(.input, 15) * value(.scale, 2))
    let pool = try reference(.globalAveragePool(channels: 3), 1, 4)
    #expect(
      pool.element(1, 0, 0).value
        == (value(.input, 4) + value(.input, 5) + value(.input, 6) + value(.input, 7)) / 4)
  }
}
