/// The right answer of a workload on given test data, element by element, in double precision.
///
/// Pruned weights count as zero. A workload whose mask is not known (see ``Workload/mask``) has no
/// reference; this one then answers as if it were dense.
public struct Reference: Sendable {
  /// One element of the right answer.
  public struct Element: Hashable, Sendable {
    /// The exact value, up to rounding in double precision.
    public var value: Double
    /// Sum of the absolute values of the terms: what a rounding error is relative to.
    public var magnitude: Double
  }

  /// A point of an output and the right answer there.
  public typealias Expectation = (point: CheckPoint, element: Element)

  public let workload: Workload
  public let data: TestData
  private let mask: WeightMask?

  /// - Parameter data: The operands; those of ``TestData/init(for:seed:)`` unless given.
  public init(_ workload: Workload, data: TestData? = nil) {
    self.workload = workload
    self.data = data ?? TestData(for: workload)
    mask = self.data.mask ?? workload.mask
  }

  /// The right answer at `[channel, y, x]` of the output.
  public func element(_ channel: Int, _ y: Int, _ x: Int) -> Element {
    switch workload.operation {
    case .convolution(let it):
      if channel < it.passing {
        return copy(.input, map(it.inputs + it.passing).index(it.inputs + channel, y, x))
      }
      let r = it.shuffle
      return convolution(
        it, (channel - it.passing) * r * r + y % r * r + x % r, y / r, x / r)
    case .add(let channels):
      let index = map(channels).index(channel, y, x)
      return sum(of: [Double(data.value(.input, index)), Double(data.value(.second, index))])
    case .pixelShuffle(let r, let channels):
      let source = channel * r * r + y % r * r + x % r
      return copy(.input, map(channels * r * r).index(source, y / r, x / r))
    case .concat(let first, let second):
      return channel < first
        ? copy(.input, map(first).index(channel, y, x))
        : copy(.second, map(second).index(channel - first, y, x))
    case .channelScale(let channels):
      let input = Double(data.value(.input, map(channels).index(channel, y, x)))
      return sum(of: [input * Double(data.value(.scale, channel))])
    case .globalAveragePool(let channels):
      let plane = map(channels)
      let start = plane.index(channel, 0, 0)
      let count = plane.height * plane.width
      return sum(
        of: (start..<start + count).lazy.map { Double(data.value(.input, $0)) / Double(count) })
    case .multiply(let channels):
      let index = map(channels).index(channel, y, x)
      return sum(
        of: [Double(data.value(.input, index)) * Double(data.value(.second, index))])
    case .copy(let channels): return copy(.input, map(channels).index(channel, y, x))
    case .resize(.nearest, let factor, let channels):
      return copy(.input, map(channels).index(channel, y / factor, x / factor))
    case .resize(.bilinear, let factor, let channels):
      let plane = map(channels)
      return sum(
        of: taps(y, factor, plane.height).flatMap { row in
          taps(x, factor, plane.width).map { column in
            let value = data.value(.input, plane.index(channel, row.place, column.place))
            return row.share * column.share * Double(value)
          }
        })
    }
  }

  /// The two pixels of a line of `count` between which a pixel of the resized one lies, and their shares.
  private func taps(_ pixel: Int, _ factor: Int, _ count: Int) -> [(place: Int, share: Double)] {
    let position = (Double(pixel) + 0.5) / Double(factor) - 0.5
    let first = position.rounded(.down)
    let share = position - first
    return [(Int(first), 1 - share), (Int(first) + 1, share)].map {
      (min(max($0.0, 0), count - 1), $0.1)
    }
  }

  /// The right answers where ``Workload/checkPoints(budget:)`` says.
  public func expectations(budget: Int) -> [Expectation] {
    workload.checkPoints(budget: budget).map { ($0, element($0.channel, $0.y, $0.x)) }
  }

  /// Largest error of `output` at the given points, as a share of each element's yardstick, to be
  /// compared with the tolerance's share; infinite if any of the numbers read is not finite.
  /// `output` gives the element at `[channel, y, x]` that was computed.
  public static func largestError(
    _ expected: [Expectation], _ tolerance: Tolerance,
    output: (CheckPoint) -> Float
  ) -> Double {
    expected.reduce(0) { largest, it in
      let computed = Double(output(it.point))
      guard computed.isFinite else { return .infinity }
      let error = abs(computed - it.element.value)
      let yardstick = max(tolerance.yardstick(it.element), .leastNormalMagnitude)
      return max(largest, error == 0 ? 0 : error / yardstick)
    }
  }

  private func map(_ channels: Int) -> MapShape {
    MapShape(channels: channels, height: workload.height, width: workload.width)
  }

  private func copy(_ operand: Operand, _ index: Int) -> Element {
    sum(of: [Double(data.value(operand, index))])
  }

  private func sum(of terms: some Sequence<Double>) -> Element {
    terms.reduce(into: Element(value: 0, magnitude: 0)) {
      $0.value += $1
      $0.magnitude += abs($1)
    }
  }

  private func convolution(_ it: Convolution, _ channel: Int, _ y: Int, _ x: Int) -> Element {
    let bias = Double(data.value(.bias, channel))
    var result = Element(value: bias, magnitude: abs(bias))
    let input = map(it.inputs)
    let padding = it.kernel / 2
    let firstPlane = channel / (it.outputs / it.groups) * it.inputsPerGroup
    for i in 0..<it.inputsPerGroup {
      let plane = firstPlane + i
      for ky in 0..<it.kernel {
        let inputY = y * it.stride + ky - padding
        guard 0..<input.height ~= inputY else { continue }
        for kx in 0..<it.kernel {
          let inputX = x * it.stride + kx - padding
          guard 0..<input.width ~= inputX else { continue }
          let weight = ((channel * it.inputsPerGroup + i) * it.kernel + ky) * it.kernel + kx
          if let mask, !mask[weight] { continue }
          let term =
            Double(data.value(.weights, weight))
            * Double(data.value(.input, input.index(plane, inputY, inputX)))
          result.value += term
          result.magnitude += abs(term)
        }
      }
    }
    let slope = Double(data.value(.slopes, channel))
    let residual =
      it.residual == .none
      ? 0 : Double(data.value(.residual, workload.convolutionShape(it).index(channel, y, x)))
    switch it.residual {
    case .beforeActivation: result.value = it.activation(result.value + residual, slope: slope)
    case .afterActivation, .none:
      result.value = it.activation(result.value, slope: slope) + residual
    }
    result.magnitude += abs(residual)
    return result
  }
}
