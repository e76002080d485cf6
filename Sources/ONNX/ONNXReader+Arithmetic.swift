internal import Networks
internal import Workloads

extension ONNXReader {
  /// Add, Sub, Mul and Div: of constants, of a map and a constant for each channel, or of two maps.
  func arithmetic() throws(Refusal) -> [Operand] {
    let (left, right) = (try constantIfAny(0), try constantIfAny(1))
    if let left, let right { return [.constant(try folded(left, right))] }
    if let right { return try affine(of: 0, right, isReversed: false) }
    if let left { return try affine(of: 1, left, isReversed: true) }
    let (first, second) = (try image(0), try image(1))
    try Refusal.unless(
      first.layout == second.layout, "one input has the channels first, the other has them last")
    switch node.operator {
    case "Add": return [result(try sum(first.value, second.value), first.layout)]
    case "Sub":
      let shape = graph[second.value]
      let negative = Layer.affine(
        scale: Parameters(repeating: -1, count: shape.channels),
        shift: Parameters(repeating: 0, count: shape.channels))
      let negated = try append(negative, second.value)
      return [result(try sum(first.value, negated), first.layout)]
    case "Mul": return [result(try product(first.value, second.value), first.layout)]
    default: throw Refusal("a map divided by another is not read")
    }
  }

  private func sum(
    _ first: Graph.Value, _ second: Graph.Value
  ) throws(Refusal) -> Graph.Value {
    let (a, b) = try widened(first, second)
    return try append(.add, a, b)
  }

  private func product(
    _ first: Graph.Value, _ second: Graph.Value
  ) throws(Refusal) -> Graph.Value {
    let (a, b) = try widened(first, second)
    let isGate = graph[a].height == 1 && graph[a].width == 1
    return isGate ? try append(.multiply, b, a) : try append(.multiply, a, b)
  }

  /// Two maps with the channels of a single one repeated to match the other's.
  private func widened(
    _ first: Graph.Value, _ second: Graph.Value
  ) throws(Refusal) -> (Graph.Value, Graph.Value) {
    let (a, b) = (graph[first].channels, graph[second].channels)
    if a == 1, b > 1 { return (try append(.select(.init(repeating: 0, count: b)), first), second) }
    if b == 1, a > 1 { return (first, try append(.select(.init(repeating: 0, count: a)), second)) }
    return (first, second)
  }

  /// A map with a constant: a factor and an addend for each channel.
  private func affine(
    of index: Int, _ constant: ONNXTensor, isReversed: Bool
  ) throws(Refusal) -> [Operand] {
    let isScale = node.operator == "Mul" || node.operator == "Div"
    var values = constant
    switch node.operator {
    case "Sub" where !isReversed:
      values = ONNXTensor(dims: values.dims, .floats(values.floats.map { -$0 }))
    case "Div":
      try Refusal.unless(!isReversed, "a constant divided by a map is not read")
      try Refusal.unless(!values.floats.contains(0), "divides by zero")
      values = ONNXTensor(dims: values.dims, .floats(values.floats.map { 1 / $0 }))
    default: break
    }
    let sign: Float = node.operator == "Sub" && isReversed ? -1 : 1
    return try perChannel(values, index) { values in
      let ones = [Float](repeating: sign, count: values.count)
      let zeros = [Float](repeating: 0, count: values.count)
      return .affine(
        scale: Parameters(isScale ? values : ones), shift: Parameters(isScale ? zeros : values))
    }
  }

  /// The layer that `layer` makes of one number for each channel, on the node's input `index`; a map
  /// of one channel is repeated for a constant of more.
  private func perChannel(
    _ constant: ONNXTensor, _ index: Int, _ layer: ([Float]) -> Layer
  ) throws(Refusal) -> [Operand] {
    let view = try view(index)
    if constant.count == 1, constant.dims.count <= view.axes.count {
      let value = constant.floats[0]
      return try apply(to: index) { layer([Float](repeating: value, count: $0.channels)) }
    }
    var image = try image(index)
    let shape = graph[image.value]
    let values = try constant.perChannel(of: shape, image.layout)
    if values.count > shape.channels {
      let widened = try append(.select(.init(repeating: 0, count: values.count)), image.value)
      image = Image(value: widened, layout: image.layout)
    }
    return [result(try append(layer(values), image.value), image.layout)]
  }

  /// `scale * (x - mean) / sqrt(variance + epsilon) + bias`.
  func batchNormalization() throws(Refusal) -> [Operand] {
    try Refusal.unless(
      node.integer("training_mode") ?? 0 == 0, "batch normalisation that trains is not read")
    let value = try channelsFirst(0)
    var lists: [[Float]] = []
    for index in 1...4 { lists.append(try constant(index).floats) }
    let count = lists[0].count
    try Refusal.unless(
      lists.allSatisfy { $0.count == count }, "has \(lists.map(\.count)) numbers that do not match")
    let epsilon = Double(node.float("epsilon") ?? 1e-5)
    let scale = (0..<count).map {
      Double(lists[0][$0]) / (Double(lists[3][$0]) + epsilon).squareRoot()
    }
    let shift = (0..<count).map { Double(lists[1][$0]) - Double(lists[2][$0]) * scale[$0] }
    let layer = Layer.affine(
      scale: Parameters(scale.map { Float($0) }), shift: Parameters(shift.map { Float($0) }))
    return [result(try append(layer, value))]
  }

  func prelu() throws(Refusal) -> [Operand] {
    let slopes = try constant(1)
    if slopes.count == 1 {
      return try apply(.activation(.prelu(slopes: parameters(1, slopes.floats))))
    }
    return try perChannel(slopes, 0) { .activation(.prelu(slopes: parameters(1, $0))) }
  }

  /// Limits as attributes (until opset 10) or inputs.
  func clip() throws(Refusal) -> [Operand] {
    let limit = Float.greatestFiniteMagnitude
    let minimum = try number("min", orInput: 1) ?? -limit
    let maximum = try number("max", orInput: 2) ?? limit
    return try apply(.activation(.clip(minimum: minimum, maximum: maximum)))
  }

  /// Min and Max of a map and a number.
  func bound() throws(Refusal) -> [Operand] {
    try Refusal.unless(node.inputs.count == 2, "\(node.operator) of two inputs is read")
    let map = try constantIfAny(0) == nil ? 0 : 1
    let value = try constant(1 - map).scalar()
    let limit = Float.greatestFiniteMagnitude
    let isLower = node.operator == "Max"
    return try apply(
      to: map,
      { _ in
        .activation(.clip(minimum: isLower ? value : -limit, maximum: isLower ? limit : value))
      })
  }

  /// A function of each number, on the node's first input.
  func apply(_ layer: Layer) throws(Refusal) -> [Operand] {
    try apply(to: 0) { _ in layer }
  }

  /// A function of each number; under axes that are no image's, it is done before they are rearranged.
  private func apply(
    to index: Int, _ layer: (MapShape) -> Layer
  ) throws(Refusal) -> [Operand] {
    if let image = try? image(index) {
      return [result(try append(layer(graph[image.value]), image.value), image.layout)]
    }
    let view = try view(index)
    return [.map(view.with(source: try append(layer(graph[view.source]), view.source)))]
  }
}

extension ONNXTensor {
  /// One number for each channel of a map that this broadcasts to; more numbers than the map has
  /// channels if it has but one.
  fileprivate func perChannel(
    of shape: MapShape, _ layout: ImageLayout
  ) throws(Refusal) -> [Float] {
    let target = layout.dims(shape)
    let padded = [Int](repeating: 1, count: max(4 - dims.count, 0)) + dims
    let values = floats
    let isUniform = values.allSatisfy { $0 == values.first }
    let fits =
      padded.count == 4 && !values.isEmpty
      && padded.indices.allSatisfy { axis in
        if axis == layout.channelAxis {
          return padded[axis] == 1 || padded[axis] == target[axis] || target[axis] == 1
        }
        return padded[axis] == 1 || (padded[axis] == target[axis] && isUniform)
      }
    try Refusal.unless(
      fits, "a constant of \(dims) is no number, and not one for each channel of \(shape)")
    let count = max(padded[layout.channelAxis], target[layout.channelAxis])
    return isUniform ? [Float](repeating: values[0], count: count) : values
  }
}
