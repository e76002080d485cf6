extension Workload: CustomStringConvertible, Comparable {
  /// The workload in words, complete and unique, such as
  /// `conv3x3 32->128 180x320 relu` or `pixelshuffle2 12->3 180x320`.
  ///
  /// The words are: operator, channels, input map as height x width, then what differs from the
  /// plain operator.
  public var name: String { words.joined(separator: " ") }

  public var description: String { name }

  /// The words of ``name``.
  public var words: [String] {
    var words = operatorWords
    words.insert("\(height)x\(width)", at: 2)
    if elementType != .float32 { words.append(elementType.rawValue) }
    return words
  }

  private var operatorWords: [String] {
    switch operation {
    case .convolution(let it):
      var words =
        it.isDepthwise
        ? ["depthwise\(it.kernel)x\(it.kernel)", "\(it.inputs)"]
        : ["conv\(it.kernel)x\(it.kernel)", "\(it.inputs)->\(it.outputs)"]
      if it.stride != 1 { words.append("stride\(it.stride)") }
      switch it.residual {
      case .none: if it.activation != .none { words.append("\(it.activation)") }
      case .afterActivation:
        if it.activation != .none { words.append("\(it.activation)") }
        words.append("residual")
      case .beforeActivation:
        words.append("residual")
        words.append("\(it.activation)")
      }
      if it.shuffle != 1 { words.append("shuffle\(it.shuffle)") }
      return words
    case .add(let channels): return ["add", "\(channels)"]
    case .pixelShuffle(let factor, let channels):
      return ["pixelshuffle\(factor)", "\(channels * factor * factor)->\(channels)"]
    case .concat(let first, let second): return ["concat", "\(first)+\(second)"]
    case .channelScale(let channels): return ["channelscale", "\(channels)"]
    case .globalAveragePool(let channels): return ["globalaveragepool", "\(channels)"]
    }
  }

  /// Orders by operator, then by channels and map as numbers, then by the other words.
  public static func < (left: Workload, right: Workload) -> Bool {
    if left.words[0] != right.words[0] { return left.words[0] < right.words[0] }
    for (a, b) in zip(left.sizes, right.sizes) where a != b { return a < b }
    return left.name < right.name
  }

  private var sizes: [Int] {
    switch operation {
    case .convolution(let it): [it.inputs, it.outputs, height, width]
    case .concat(let first, let second): [first, second, height, width]
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
      .pixelShuffle(_, let channels):
      [channels, height, width]
    }
  }
}
