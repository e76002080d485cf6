/// Flat JSON object; keys that do not apply to the operator are absent, and so are the defaults
/// of a convolution (stride 1, one group, no activation, no residual, no shuffle).
extension Workload: Codable {
  enum CodingKeys: String, CodingKey {
    case `operator`, height, width, elementType
    case channels, kernel, stride, inputs, outputs, groups, activation, residual, shuffle
    case factor, first, second
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func int(_ key: CodingKeys) throws -> Int { try container.decode(Int.self, forKey: key) }
    func int(_ key: CodingKeys, default value: Int) throws -> Int {
      try container.decodeIfPresent(Int.self, forKey: key) ?? value
    }
    let operation: Operation
    switch try container.decode(String.self, forKey: .operator) {
    case "convolution":
      operation = .convolution(
        Convolution(
          kernel: try int(.kernel), inputs: try int(.inputs), outputs: try int(.outputs),
          stride: try int(.stride, default: 1), groups: try int(.groups, default: 1),
          activation: try container.decodeIfPresent(Activation.self, forKey: .activation) ?? .none,
          residual: try container.decodeIfPresent(Residual.self, forKey: .residual) ?? .none,
          shuffle: try int(.shuffle, default: 1)))
    case "add": operation = .add(channels: try int(.channels))
    case "pixelShuffle":
      operation = .pixelShuffle(factor: try int(.factor), channels: try int(.channels))
    case "concat": operation = .concat(first: try int(.first), second: try int(.second))
    case "channelScale": operation = .channelScale(channels: try int(.channels))
    case "globalAveragePool": operation = .globalAveragePool(channels: try int(.channels))
    case let other:
      throw DecodingError.dataCorruptedError(
        forKey: .operator, in: container, debugDescription: "'\(other)' is not an operator")
    }
    do {
      self = try Workload(
        operation, height: int(.height), width: int(.width),
        elementType: container.decode(ElementType.self, forKey: .elementType))
    } catch let error as InvalidWorkload {
      throw DecodingError.dataCorruptedError(
        forKey: .operator, in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(operatorName, forKey: .operator)
    try container.encode(height, forKey: .height)
    try container.encode(width, forKey: .width)
    try container.encode(elementType, forKey: .elementType)
    switch operation {
    case .convolution(let it):
      try container.encode(it.kernel, forKey: .kernel)
      try container.encode(it.inputs, forKey: .inputs)
      try container.encode(it.outputs, forKey: .outputs)
      if it.stride != 1 { try container.encode(it.stride, forKey: .stride) }
      if it.groups != 1 { try container.encode(it.groups, forKey: .groups) }
      if it.activation != .none { try container.encode(it.activation, forKey: .activation) }
      if it.residual != .none { try container.encode(it.residual, forKey: .residual) }
      if it.shuffle != 1 { try container.encode(it.shuffle, forKey: .shuffle) }
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels):
      try container.encode(channels, forKey: .channels)
    case .pixelShuffle(let factor, let channels):
      try container.encode(factor, forKey: .factor)
      try container.encode(channels, forKey: .channels)
    case .concat(let first, let second):
      try container.encode(first, forKey: .first)
      try container.encode(second, forKey: .second)
    }
  }

  /// The word for the operation in JSON and in profiles.
  public var operatorName: String {
    switch operation {
    case .convolution: "convolution"
    case .add: "add"
    case .pixelShuffle: "pixelShuffle"
    case .concat: "concat"
    case .channelScale: "channelScale"
    case .globalAveragePool: "globalAveragePool"
    }
  }
}
