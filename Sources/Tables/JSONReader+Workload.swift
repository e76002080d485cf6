package import Files
package import Workloads

/// Workloads, as they encode themselves.
extension JSONReader {
  /// The workload in the object at a token.
  package func workload(_ it: Int) throws(TableError.Problem) -> Workload {
    let operation = try operation(it)
    let height = try int("height", of: it)
    let width = try int("width", of: it)
    let elementType = try word("elementType", of: it, "an element type") {
      ElementType(rawValue: $0)
    }
    do throws(InvalidWorkload) {
      return try Workload(operation, height: height, width: width, elementType: elementType)
    } catch {
      throw .invalidWorkload("", error.description)
    }
  }

  private func operation(_ it: Int) throws(TableError.Problem) -> Operation {
    switch try string("operator", of: it) {
    case "convolution": .convolution(try convolution(it))
    case "add": .add(channels: try int("channels", of: it))
    case "pixelShuffle":
      .pixelShuffle(factor: try int("factor", of: it), channels: try int("channels", of: it))
    case "concat": .concat(first: try int("first", of: it), second: try int("second", of: it))
    case "channelScale": .channelScale(channels: try int("channels", of: it))
    case "globalAveragePool": .globalAveragePool(channels: try int("channels", of: it))
    case "multiply": .multiply(channels: try int("channels", of: it))
    case "copy": .copy(channels: try int("channels", of: it))
    case "resize":
      .resize(
        try word("mode", of: it, "a way to interpolate") { Interpolation(rawValue: $0) },
        factor: try int("factor", of: it), channels: try int("channels", of: it))
    case let other: throw .wrongType("operator", "'\(other)', not an operator")
    }
  }

  private func convolution(_ it: Int) throws(TableError.Problem) -> Convolution {
    var convolution = Convolution(
      kernel: try int("kernel", of: it), inputs: try int("inputs", of: it),
      outputs: try int("outputs", of: it))
    if member("stride", of: it) != nil { convolution.stride = try int("stride", of: it) }
    if member("groups", of: it) != nil { convolution.groups = try int("groups", of: it) }
    if member("shuffle", of: it) != nil { convolution.shuffle = try int("shuffle", of: it) }
    if member("passing", of: it) != nil { convolution.passing = try int("passing", of: it) }
    if member("activation", of: it) != nil {
      convolution.activation = try word("activation", of: it, "an activation") { Activation($0) }
    }
    if member("residual", of: it) != nil {
      convolution.residual = try word("residual", of: it, "a kind of residual") {
        Residual(rawValue: $0)
      }
    }
    if member("sparsity", of: it) != nil {
      convolution.sparsity = try object("sparsity", of: it, sparsity)
    }
    return convolution
  }

  private func sparsity(_ it: Int) throws(TableError.Problem) -> Sparsity {
    Sparsity(
      try scheme(it), kept: try int("kept", of: it), total: try int("total", of: it),
      source: try source(it))
  }

  private func scheme(_ it: Int) throws(TableError.Problem) -> Sparsity.Scheme {
    switch try string("scheme", of: it) {
    case "pattern":
      let words = try words("patterns", of: it)
      do throws(InvalidPattern) { return .pattern(try PatternLibrary(words)) } catch {
        throw .invalidWorkload("patterns", error.description)
      }
    case "blockPunched":
      return .blockPunched(
        filters: try int("blockFilters", of: it), channels: try int("blockChannels", of: it))
    case "unstructured": return .unstructured
    case let other: throw .wrongType("scheme", "'\(other)', not a pruning scheme")
    }
  }

  private func source(_ it: Int) throws(TableError.Problem) -> Sparsity.Source {
    guard member("mask", of: it) == nil else {
      return .given(
        try word("mask", of: it, "16 hexadecimal digits") { GivenMask(digest: $0) })
    }
    let seed = try int("seed", of: it)
    guard let seed = UInt32(exactly: seed) else {
      throw .wrongType("seed", "\(seed), not a number of 32 bits")
    }
    return .seed(seed)
  }

  /// The strings of an array.
  private func words(
    _ key: StaticString, of object: Int
  ) throws(TableError.Problem) -> [String] {
    guard let array = member(key, of: object) else { throw .missing(key.description) }
    guard tokens[array].kind == .array else {
      throw .wrongType(key.description, "not an array of strings")
    }
    var words: [String] = []
    var element = array + 1
    while element < tokens[array].next {
      guard let word = text(tokens[element]) else {
        throw .wrongType("\(key)[\(words.count)]", "not a string")
      }
      words.append(word)
      element = tokens[element].next
    }
    return words
  }

  func word<Value>(
    _ key: StaticString, of object: Int, _ kind: String, _ value: (String) -> Value?
  ) throws(TableError.Problem) -> Value {
    let word = try string(key, of: object)
    guard let value = value(word) else {
      throw .wrongType(key.description, "'\(word)', not \(kind)")
    }
    return value
  }
}
