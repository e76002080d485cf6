internal import Workloads

extension Layer {
  /// The layer in a few words, as in `conv3x3 32->128 blockpunched:9216/36864`.
  public var summary: String {
    switch self {
    case .convolution(let it): it.words.joined(separator: " ")
    case .transposedConvolution(let it): "\(word) \(it.inputs)->\(it.outputs) stride\(it.stride)"
    case .activation(.clip(let minimum, let maximum)):
      "clip[\(numberText(Double(minimum))),\(numberText(Double(maximum)))]"
    case .activation(.leakyRelu(let slope)): "leakyrelu \(slope)"
    case .slice(let first, let count): "slice \(first)..<\(first + count)"
    case .select(let channels): "select \(channels.count)"
    default: word
    }
  }

  fileprivate var isDepthwise: Bool {
    guard case .convolution(let it) = self else { return false }
    return it.groups > 1 && it.groups == it.inputs
  }
}

extension ConvolutionLayer {
  fileprivate var words: [String] {
    let layer = Layer.convolution(self)
    var words = [layer.word, "\(inputs)->\(outputs)"]
    if stride > 1 { words.append("stride\(stride)") }
    if groups > 1, !layer.isDepthwise { words.append("groups\(groups)") }
    if let sparsity = try? convolution().sparsity { words += sparsity.words }
    return words
  }
}
