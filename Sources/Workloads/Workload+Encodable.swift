/// A flat JSON object, which the tables' reader reads back. Keys that do not apply to the operator are
/// absent, and so are the defaults of a convolution (stride 1, one group, no activation, no
/// residual, no shuffle, nothing passing, no sparsity).
extension Workload: Encodable {
  enum CodingKeys: String, CodingKey {
    case `operator`, height, width, elementType
    case channels, kernel, stride, inputs, outputs, groups, activation, residual, shuffle, passing
    case sparsity, mode, factor, first, second
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
      if it.passing != 0 { try container.encode(it.passing, forKey: .passing) }
      try container.encodeIfPresent(it.sparsity, forKey: .sparsity)
    case .add(let channels), .channelScale(let channels), .globalAveragePool(let channels),
      .multiply(let channels), .copy(let channels):
      try container.encode(channels, forKey: .channels)
    case .pixelShuffle(let factor, let channels):
      try container.encode(factor, forKey: .factor)
      try container.encode(channels, forKey: .channels)
    case .resize(let mode, let factor, let channels):
      try container.encode(mode, forKey: .mode)
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
    case .multiply: "multiply"
    case .copy: "copy"
    case .resize: "resize"
    }
  }
}
