internal import Workloads

/// Why a layer does not take its inputs, in one sentence.
struct LayerMismatch: Error, CustomStringConvertible {
  let description: String
}

extension Layer {
  /// The layer in a word, for names and listings.
  public var word: String {
    switch self {
    case .convolution(let it):
      "\(it.groups > 1 && it.groups == it.inputs ? "depthwise" : "conv")\(it.kernel)x\(it.kernel)"
    case .transposedConvolution(let it): "deconv\(it.kernel)x\(it.kernel)"
    case .activation(let it): it.word
    case .affine: "affine"
    case .add: "add"
    case .multiply: "multiply"
    case .concat: "concat"
    case .slice: "slice"
    case .select: "select"
    case .pixelShuffle(let factor): "pixelshuffle\(factor)"
    case .pixelUnshuffle(let factor): "pixelunshuffle\(factor)"
    case .globalAveragePool: "globalaveragepool"
    case .resize(let mode, let factor): "\(mode.rawValue)\(factor)"
    }
  }

  /// The shape of the result.
  func outputShape(_ inputs: [MapShape]) throws(LayerMismatch) -> MapShape {
    let wanted = inputCount
    try require(
      wanted.contains(inputs.count),
      "\(word) takes \(wanted.lowerBound == wanted.upperBound ? "" : "at least ")"
        + "\(wanted.lowerBound) input\(wanted.lowerBound == 1 ? "" : "s"), not \(inputs.count)")
    let first = inputs[0]
    switch self {
    case .convolution(let it): return try it.outputShape(first)
    case .transposedConvolution(let it): return try it.outputShape(first)
    case .activation(.prelu(let slopes)):
      try requirePerChannel(slopes, first, "slopes", orOne: true)
      return first
    case .activation(.clip(let minimum, let maximum)):
      try require(minimum <= maximum, "a clip from \(minimum) to \(maximum) is empty")
      return first
    case .activation: return first
    case .affine(let scale, let shift):
      try requirePerChannel(scale, first, "factors", orOne: false)
      try requirePerChannel(shift, first, "addends", orOne: false)
      return first
    case .add:
      try require(inputs[1] == first, "\(first) and \(inputs[1]) cannot be added")
      return first
    case .multiply:
      try require(
        inputs[1] == first || inputs[1] == MapShape(channels: first.channels, height: 1, width: 1),
        "\(first) cannot be multiplied by \(inputs[1])")
      return first
    case .concat:
      for other in inputs {
        try require(
          other.height == first.height && other.width == first.width,
          "\(first) and \(other) cannot be concatenated")
      }
      return first.with(channels: inputs.reduce(0) { $0 + $1.channels })
    case .slice(let start, let count):
      try require(
        start >= 0 && count > 0 && start <= first.channels - count,
        "channels \(start) to \(start + count - 1) are not all there in \(first)")
      return first.with(channels: count)
    case .select(let channels):
      try require(
        !channels.isEmpty && channels.allSatisfy { 0..<first.channels ~= $0 },
        "selects channels that \(first) does not have")
      return first.with(channels: channels.count)
    case .pixelShuffle(let factor):
      try require((2...4).contains(factor), "a pixel-shuffle factor is 2, 3 or 4, not \(factor)")
      try require(
        first.channels % (factor * factor) == 0,
        "\(first.channels) channels do not divide by \(factor * factor)")
      return MapShape(
        channels: first.channels / (factor * factor), height: first.height * factor,
        width: first.width * factor)
    case .pixelUnshuffle(let factor):
      try require(factor >= 2, "a pixel-unshuffle factor is at least 2, not \(factor)")
      try require(
        first.height % factor == 0 && first.width % factor == 0,
        "\(first.height)x\(first.width) does not divide by \(factor)")
      return MapShape(
        channels: first.channels * factor * factor, height: first.height / factor,
        width: first.width / factor)
    case .globalAveragePool: return MapShape(channels: first.channels, height: 1, width: 1)
    case .resize(_, let factor):
      try require(factor >= 1, "a resize factor is at least 1, not \(factor)")
      return MapShape(
        channels: first.channels, height: first.height * factor, width: first.width * factor)
    }
  }

  private var inputCount: ClosedRange<Int> {
    switch self {
    case .add, .multiply: 2...2
    case .concat: 1...Int.max
    default: 1...1
    }
  }

  private func requirePerChannel(
    _ numbers: Parameters, _ shape: MapShape, _ what: String, orOne: Bool
  ) throws(LayerMismatch) {
    try require(
      numbers.count == shape.channels || (orOne && numbers.count == 1),
      "\(numbers.count) \(what) for \(shape.channels) channels")
  }
}

private func require(
  _ condition: Bool, _ sentence: @autoclosure () -> String
) throws(LayerMismatch) {
  if !condition { throw LayerMismatch(description: sentence()) }
}

extension ConvolutionLayer {
  fileprivate func outputShape(_ input: MapShape) throws(LayerMismatch) -> MapShape {
    try require(kernel > 0 && kernel % 2 == 1, "a kernel is odd, not \(kernel)")
    try require(stride > 0, "a stride is at least 1, not \(stride)")
    try require(
      inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(groups) groups do not divide \(inputs) -> \(outputs) channels")
    try require(
      input.channels == inputs, "takes \(inputs) channels, not the \(input.channels) it gets")
    try require(
      weights.count == weightCount, "has \(weights.count) weights where \(weightCount) are needed")
    if let bias {
      try require(bias.count == outputs, "has \(bias.count) biases for \(outputs) outputs")
    }
    return MapShape(
      channels: outputs, height: (input.height + stride - 1) / stride,
      width: (input.width + stride - 1) / stride)
  }
}

extension TransposedConvolutionLayer {
  fileprivate func outputShape(_ input: MapShape) throws(LayerMismatch) -> MapShape {
    try require(kernel > 0, "a kernel is at least 1, not \(kernel)")
    try require((1...4).contains(stride), "a stride is 1 to 4, not \(stride)")
    try require(0..<kernel ~= padding, "a padding of \(padding) for a kernel of \(kernel)")
    try require(
      input.channels == inputs, "takes \(inputs) channels, not the \(input.channels) it gets")
    let count = inputs * outputs * kernel * kernel
    try require(weights.count == count, "has \(weights.count) weights where \(count) are needed")
    if let bias {
      try require(bias.count == outputs, "has \(bias.count) biases for \(outputs) outputs")
    }
    return MapShape(
      channels: outputs, height: input.height * stride, width: input.width * stride)
  }
}

extension Nonlinearity {
  fileprivate var word: String {
    switch self {
    case .relu: "relu"
    case .leakyRelu: "leakyrelu"
    case .prelu: "prelu"
    case .clip: "clip"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    }
  }
}

extension MapShape {
  func with(channels: Int) -> MapShape {
    MapShape(channels: channels, height: height, width: width)
  }
}
