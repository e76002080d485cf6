extension Sparsity {
  /// What is pruned, in words of a workload's name: the scheme with the weights kept and all, as in
  /// `pattern:4096/9216`; then what is not usual: blocks that are not 8x4 (`block4x4`), the digest of
  /// a library that is not the default, a seed that is not 1 (`seed2`), the digest of a given mask.
  public var words: [String] {
    var words = ["\(scheme.word.lowercased()):\(kept)/\(total)"]
    switch scheme {
    case .pattern(let library):
      if library != .default { words.append("library:\(library.digest)") }
    case .blockPunched(let filters, let channels):
      if scheme != .blockPunched { words.append("block\(filters)x\(channels)") }
    case .unstructured: break
    }
    switch source {
    case .seed(let seed): if seed != 1 { words.append("seed\(seed)") }
    case .given(let mask): words.append("mask:\(mask.digest)")
    }
    return words
  }
}

/// An object with what the scheme needs: block sizes or patterns; and either the seed of the mask or
/// the digest of a given one.
extension Sparsity: Encodable {
  enum CodingKeys: String, CodingKey {
    case scheme, kept, total, seed, blockFilters, blockChannels, patterns, mask
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(scheme.word, forKey: .scheme)
    try container.encode(kept, forKey: .kept)
    try container.encode(total, forKey: .total)
    switch scheme {
    case .pattern(let library): try container.encode(library.words, forKey: .patterns)
    case .blockPunched(let filters, let channels):
      try container.encode(filters, forKey: .blockFilters)
      try container.encode(channels, forKey: .blockChannels)
    case .unstructured: break
    }
    switch source {
    case .seed(let seed): try container.encode(seed, forKey: .seed)
    case .given(let mask): try container.encode(mask.digest, forKey: .mask)
    }
  }
}
