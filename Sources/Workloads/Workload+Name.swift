extension Workload: CustomStringConvertible, Comparable {
  /// The workload in words, complete and unique, such as
  /// `conv3x3 32->128 180x320 relu` or `pixelshuffle2 12->3 180x320`.
  ///
  /// The words are: operator, channels, input map as height x width, then what differs from the
  /// plain operator, the element type if it is not `float32`, and what is pruned (see
  /// ``Sparsity/words``).
  public var name: String { words.joined(separator: " ") }

  public var description: String { name }

  /// The words of ``name``.
  public var words: [String] {
    var words = operatorWords
    words.insert("\(height)x\(width)", at: 2)
    if elementType != .float32 { words.append(elementType.rawValue) }
    if case .convolution(let it) = operation, let sparsity = it.sparsity { words += sparsity.words }
    return words
  }

  /// The operator, with what changes its code most: short enough to be compared without memory.
  private var firstWord: String {
    switch operation {
    case .convolution(let it): "\(it.isDepthwise ? "depthwise" : "conv")\(it.kernel)x\(it.kernel)"
    case .add: "add"
    case .pixelShuffle(let factor, _): "pixelshuffle\(factor)"
    case .concat: "concat"
    case .channelScale: "channelscale"
    case .globalAveragePool: "globalaveragepool"
    case .multiply: "multiply"
    case .copy: "copy"
    case .resize(let mode, let factor, _): "\(mode.rawValue)\(factor)"
    }
  }

  private var operatorWords: [String] {
    switch operation {
    case .convolution(let it):
      var words = [firstWord, it.isDepthwise ? "\(it.inputs)" : "\(it.inputs)->\(it.outputs)"]
      if it.stride != 1 { words.append("stride\(it.stride)") }
      if it.groups != 1, !it.isDepthwise { words.append("groups\(it.groups)") }
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
      if it.passing != 0 { words.append("passing\(it.passing)") }
      return words
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
      .multiply(let channels), .copy(let channels), .resize(_, _, let channels):
      return [firstWord, "\(channels)"]
    case .pixelShuffle(let factor, let channels):
      return [firstWord, "\(channels * factor * factor)->\(channels)"]
    case .concat(let first, let second): return [firstWord, "\(first)+\(second)"]
    }
  }

  /// Orders by operator, then by channels and map as numbers, then by the other words.
  public static func < (left: Workload, right: Workload) -> Bool {
    let (a, b) = (left.firstWord, right.firstWord)
    if a != b { return a < b }
    if left.sizes != right.sizes { return left.sizes < right.sizes }
    return left != right && left.name < right.name
  }

  private var sizes: (Int, Int, Int, Int) {
    switch operation {
    case .convolution(let it): (it.inputs, it.outputs, height, width)
    case .concat(let first, let second): (first, second, height, width)
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
      .pixelShuffle(_, let channels), .multiply(let channels), .copy(let channels),
      .resize(_, _, let channels):
      (channels, 0, height, width)
    }
  }
}
