internal import Networks
internal import Workloads

/// Makes a graph of a model, node by node; sizes are known all the way, so that what exporters compute
/// with shapes comes out as constants.
final class ONNXReader {
  /// What a name of the model stands for.
  enum Operand {
    case constant(ONNXTensor)
    case map(MapView)
    /// A map within a frame of zeros, which only a convolution can take.
    case padded(Graph.Value, ImageLayout, Frame)
  }

  /// A map as a layer takes it.
  struct Image {
    let value: Graph.Value
    let layout: ImageLayout
  }

  let model: ONNXModel
  let folder: String
  var graph: Graph
  /// The node that is being read.
  private(set) var node: ONNXNode
  private var operands: [String: Operand] = [:]
  /// Learned numbers by the name of the constant they are, and what was made of it.
  private var parameters: [String: Parameters] = [:]
  /// Multiply-accumulates so far.
  private var macs = 0.0

  private static let mostMacs = 1e18
  /// Names that a node takes, or that go out.
  private let wanted: Set<String>

  init(model: ONNXModel, folder: String, name: String, input: MapShape?) throws(Refusal) {
    let layout = model.inputLayout
    let shape = try model.inputShape(input, layout)
    self.model = model
    self.folder = folder
    node = ONNXNode(.init())
    graph = Graph(name: name, input: shape)
    operands[model.input.name] = .map(MapView(graph.input, shape, layout))
    wanted = Set(model.nodes.flatMap(\.inputs) + [model.output])
  }

  /// The graph of all nodes.
  func read(file: String) throws(ONNXError) -> Graph {
    for node in model.nodes {
      self.node = node
      do throws(Refusal) {
        try readNode()
      } catch {
        throw ONNXError(error.kind, file: file, node: node.name, error.sentence)
      }
    }
    do throws(Refusal) {
      graph.output = try image(named: model.output).value
    } catch {
      throw ONNXError(error.kind, file: file, "its output: \(error.sentence)")
    }
    return graph
  }

  private func readNode() throws(Refusal) {
    let results = try results()
    for (name, result) in zip(node.outputs, results) where !name.isEmpty {
      operands[name] = result
    }
    for name in node.outputs.dropFirst(results.count) where isWanted(name) {
      throw Refusal("the further result '\(name)' of \(node.qualifiedOperator) is not read")
    }
  }

  /// What the node's outputs stand for.
  private func results() throws(Refusal) -> [Operand] {
    try Refusal.unless(
      node.isStandard, "the operator \(node.qualifiedOperator) is not one of those that are read")
    switch node.operator {
    case "Identity": return [try operand(0)]
    case "Dropout": return try dropout()
    case "Cast": return try cast()
    case "Conv": return try convolution()
    case "ConvTranspose": return try transposedConvolution()
    case "Pad": return try pad()
    case "Relu": return try apply(.activation(.relu))
    case "Sigmoid": return try apply(.activation(.sigmoid))
    case "Tanh": return try apply(.activation(.tanh))
    case "LeakyRelu":
      return try apply(.activation(.leakyRelu(slope: node.float("alpha") ?? 0.01)))
    case "PRelu": return try prelu()
    case "Clip": return try clip()
    case "Min", "Max": return try bound()
    case "BatchNormalization": return try batchNormalization()
    case "Add", "Sub", "Mul", "Div": return try arithmetic()
    case "Concat": return try concat()
    case "Split": return try split()
    case "Slice": return try slice()
    case "Gather": return try gather()
    case "Expand": return try expand()
    case "Tile": return try tile()
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze": return try reshape()
    case "Transpose": return try transpose()
    case "DepthToSpace": return try depthToSpace()
    case "SpaceToDepth": return try spaceToDepth()
    case "GlobalAveragePool": return try globalAveragePool()
    case "ReduceMean": return try reduceMean()
    case "Resize", "Upsample": return try resize()
    case "Constant": return try constantNode()
    case "ConstantOfShape": return try constantOfShape()
    case "Shape": return try shape()
    case "Floor", "Ceil", "Sqrt", "Neg": return try function()
    case "Equal": return try equal()
    case "Where": return try choose()
    default:
      throw Refusal("the operator \(node.qualifiedOperator) is not one of those that are read")
    }
  }
}

extension ONNXReader {
  /// Whether any node takes the value.
  func isWanted(_ name: String) -> Bool { wanted.contains(name) }

  /// What the node's input stands for.
  func operand(_ index: Int) throws(Refusal) -> Operand {
    try Refusal.unless(node.has(input: index), "\(node.operator) lacks its input \(index)")
    return try operand(named: node.inputs[index])
  }

  private func operand(named name: String) throws(Refusal) -> Operand {
    if let operand = operands[name] { return operand }
    guard let proto = model.constants[name] else { throw Refusal("'\(name)' comes from nowhere") }
    do throws(Refusal) {
      let tensor = try ONNXTensor(proto, folder: folder)
      operands[name] = .constant(tensor)
      return .constant(tensor)
    } catch {
      throw Refusal(error.kind, "the constant '\(name)' \(error.sentence)")
    }
  }

  /// The node's input if it is a constant.
  func constantIfAny(_ index: Int) throws(Refusal) -> ONNXTensor? {
    if case .constant(let tensor) = try operand(index) { tensor } else { nil }
  }

  /// All inputs of the node if every one is a constant.
  func constants() throws(Refusal) -> [ONNXTensor]? {
    var result: [ONNXTensor] = []
    for index in node.inputs.indices {
      guard let tensor = try constantIfAny(index) else { return nil }
      result.append(tensor)
    }
    return result
  }

  /// The node's input, which is a constant; `nil` if it is left out.
  func optionalConstant(_ index: Int) throws(Refusal) -> ONNXTensor? {
    node.has(input: index) ? try constant(index) : nil
  }

  /// Integers that are an attribute in older opsets and an input in newer ones; `nil` without either.
  func integers(_ name: String, orInput index: Int) throws(Refusal) -> [Int]? {
    if let list = node.integers(name) { return list }
    return try optionalConstant(index)?.wholes()
  }

  /// Integers that are an attribute in older opsets and an input in newer ones.
  func requiredIntegers(_ name: String, orInput index: Int) throws(Refusal) -> [Int] {
    if let list = node.integers(name) { return list }
    return try constant(index).wholes()
  }

  /// A number that is an attribute in older opsets and an input in newer ones.
  func number(_ name: String, orInput index: Int) throws(Refusal) -> Float? {
    if let tensor = try optionalConstant(index) { return try tensor.scalar() }
    return node.float(name)
  }

  /// The node's input, which is a constant.
  func constant(_ index: Int) throws(Refusal) -> ONNXTensor {
    guard let tensor = try constantIfAny(index) else {
      throw Refusal("the input '\(node.inputs[index])' of \(node.operator) is no constant")
    }
    return tensor
  }

  /// What a layer learns from the node's input, a constant: the same for all layers that make the same of
  /// it, which thereby share it.
  ///
  /// - Parameter form: Tells apart what is made of one constant.
  func parameters(
    _ index: Int, as form: String, _ make: () throws(Refusal) -> [Float]
  ) throws(Refusal) -> Parameters {
    let name = "\(node.inputs[index]) \(form)"
    if let known = parameters[name] { return known }
    let new = Parameters(try make())
    parameters[name] = new
    return new
  }

  /// The same for numbers of a constant as they are, one for each channel.
  func parameters(_ index: Int, _ values: [Float]) -> Parameters {
    let name = "\(node.inputs[index]) \(values.count)"
    let known = parameters[name] ?? Parameters(values)
    parameters[name] = known
    return known
  }

  /// A convolution's bias, one number for each channel; `nil` without one.
  func bias(_ index: Int, channels: Int) throws(Refusal) -> Parameters? {
    guard let bias = try optionalConstant(index) else { return nil }
    try Refusal.unless(
      bias.dims == [channels],
      "a bias of the shape \(bias.dims) is not one of \(channels) channels")
    return parameters(index, bias.floats)
  }

  /// The node's input, a map under any axes.
  func view(_ index: Int) throws(Refusal) -> MapView {
    switch try operand(index) {
    case .map(let view): return view
    case .constant: throw Refusal("the input '\(node.inputs[index])' is a constant, not a map")
    case .padded: throw Refusal("only a convolution can take the padded '\(node.inputs[index])'")
    }
  }

  /// The node's input as a layer takes it.
  func image(_ index: Int) throws(Refusal) -> Image {
    _ = try view(index)
    return try image(named: node.inputs[index])
  }

  /// The node's input as an image whose channels come first.
  func channelsFirst(_ index: Int) throws(Refusal) -> Graph.Value {
    let image = try image(index)
    try Refusal.unless(
      image.layout == .channelsFirst,
      "'\(node.inputs[index])' has the channels last")
    return image.value
  }

  /// What a name stands for as an image: the layers that its view needs are added, once.
  private func image(named name: String) throws(Refusal) -> Image {
    guard case .map(let view) = try operand(named: name) else {
      throw Refusal("'\(name)' is no feature map")
    }
    let shape = graph[view.source]
    for layout in [ImageLayout.channelsFirst, .channelsLast] {
      let candidate =
        layout == .channelsFirst || view.axes.count != 4 ? view : view.transposed([0, 3, 1, 2])
      guard let layers = candidate.layers(of: shape) else { continue }
      var value = view.source
      for layer in layers { value = try append(layer, value) }
      operands[name] = .map(MapView(value, graph[value], layout))
      return Image(value: value, layout: layout)
    }
    throw Refusal("'\(name)' has its axes rearranged to \(view.dims) in a way that no layer does")
  }

  /// A result that is a map.
  func result(_ value: Graph.Value, _ layout: ImageLayout = .channelsFirst) -> Operand {
    .map(MapView(value, graph[value], layout))
  }

  /// Adds a layer named like the node.
  func append(_ layer: Layer, _ inputs: Graph.Value...) throws(Refusal) -> Graph.Value {
    try append(layer, of: inputs)
  }

  /// Adds a layer named like the node.
  func append(_ layer: Layer, of inputs: [Graph.Value]) throws(Refusal) -> Graph.Value {
    let value: Graph.Value
    do throws(InvalidGraph) {
      value = try graph.append(layer, of: inputs, name: node.name)
    } catch {
      throw Refusal(error.sentence)
    }
    let shape = graph[value]
    try Refusal.unless(
      max(shape.channels, shape.height, shape.width) <= MapShape.largestSize,
      "its result of \(shape) is too large")
    macs += graph.nodes.last.map { Double(graph.macs(of: $0)) } ?? 0
    try Refusal.unless(
      macs <= Self.mostMacs, "the network needs more multiply-accumulates than can be counted")
    return value
  }
}
