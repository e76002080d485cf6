internal import Workloads

/// Workloads, as they encode themselves.
extension JSONReader {
  /// The workload in the object at a token.
  func workload(_ it: Int) throws(TableError.Problem) -> Workload {
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
    if member("activation", of: it) != nil {
      convolution.activation = try word("activation", of: it, "an activation") { Activation($0) }
    }
    if member("residual", of: it) != nil {
      convolution.residual = try word("residual", of: it, "a kind of residual") {
        Residual(rawValue: $0)
      }
    }
    return convolution
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
