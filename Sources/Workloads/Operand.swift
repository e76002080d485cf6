/// Shape of an activation, `[channels, height, width]`.
public struct MapShape: Hashable, Sendable {
  public var channels: Int
  public var height: Int
  public var width: Int

  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Elements of the map.
  public var count: Int { channels * height * width }

  /// Position of an element in a plain row-major array of this shape.
  public func index(_ channel: Int, _ y: Int, _ x: Int) -> Int {
    (channel * height + y) * width + x
  }
}

extension MapShape: CustomStringConvertible {
  /// `64x180x320`.
  public var description: String { "\(channels)x\(height)x\(width)" }
}

/// What a workload reads or writes, each at most once.
public enum Operand: String, Hashable, Sendable, CaseIterable {
  /// The first activation.
  case input
  /// The second activation of an addition, a product or a concat.
  case second
  /// The activation a convolution adds, shaped like its result before the pixel-shuffle store.
  case residual
  /// One factor for each channel.
  case scale
  /// `[outputs, inputs per group, kernel, kernel]`.
  case weights
  /// One addend for each output channel.
  case bias
  /// One PReLU slope for each output channel.
  case slopes
  /// The result.
  case output
}

extension Workload {
  /// Shape of the result.
  public var outputShape: MapShape {
    switch operation {
    case .convolution(let it):
      let plain = convolutionShape(it)
      return MapShape(
        channels: it.passing + plain.channels / (it.shuffle * it.shuffle),
        height: plain.height * it.shuffle, width: plain.width * it.shuffle)
    case .add(let channels), .channelScale(let channels), .multiply(let channels),
      .copy(let channels):
      return MapShape(channels: channels, height: height, width: width)
    case .pixelShuffle(let factor, let channels), .resize(_, let factor, let channels):
      return MapShape(channels: channels, height: height * factor, width: width * factor)
    case .concat(let first, let second):
      return MapShape(channels: first + second, height: height, width: width)
    case .globalAveragePool(let channels):
      return MapShape(channels: channels, height: 1, width: 1)
    }
  }

  /// Activations read and written, with their shapes; the output comes last.
  public var activations: [(operand: Operand, shape: MapShape)] {
    func map(_ channels: Int) -> MapShape {
      MapShape(channels: channels, height: height, width: width)
    }
    var list: [(operand: Operand, shape: MapShape)]
    switch operation {
    case .convolution(let it):
      list = [(.input, map(it.inputs + it.passing))]
      if it.residual != .none { list.append((.residual, convolutionShape(it))) }
    case .add(let channels), .multiply(let channels):
      list = [(.input, map(channels)), (.second, map(channels))]
    case .pixelShuffle(let factor, let channels): list = [(.input, map(channels * factor * factor))]
    case .concat(let first, let second): list = [(.input, map(first)), (.second, map(second))]
    case .channelScale(let channels):
      list = [
        (.input, map(channels)), (.scale, MapShape(channels: channels, height: 1, width: 1)),
      ]
    case .globalAveragePool(let channels), .copy(let channels), .resize(_, _, let channels):
      list = [(.input, map(channels))]
    }
    list.append((.output, outputShape))
    return list
  }

  /// Learned numbers, with how many there are of each kind, pruned weights included.
  public var parameters: [(operand: Operand, count: Int)] {
    guard case .convolution(let it) = operation else { return [] }
    var list: [(operand: Operand, count: Int)] = [
      (.weights, it.weights), (.bias, it.outputs),
    ]
    if it.activation == .prelu { list.append((.slopes, it.outputs)) }
    return list
  }

  /// Shape of a convolution's result before a pixel-shuffle store.
  func convolutionShape(_ it: Convolution) -> MapShape {
    MapShape(
      channels: it.outputs, height: (height + it.stride - 1) / it.stride,
      width: (width + it.stride - 1) / it.stride)
  }
}
