public import Workloads

/// A network: layers between feature maps, with one image in and one out.
///
/// Feature maps are `[channels, height, width]`, a batch is always one image. A graph that exists is
/// valid: layers are in an order in which they can run, and every shape is known.
public struct Graph: Sendable {
  /// One feature map of a graph.
  public struct Value: Hashable, Sendable {
    /// Its place in ``Graph/shapes``.
    public let index: Int
  }

  /// A layer between feature maps.
  public struct Node: Sendable {
    /// Unique within a graph where the one who made it cared; used in messages and listings.
    public let name: String
    public let layer: Layer
    public let inputs: [Value]
    public let output: Value
  }

  public let name: String
  /// In an order in which they can run.
  public private(set) var nodes: [Node] = []
  /// Shapes of all feature maps.
  public private(set) var shapes: [MapShape]
  /// The image that comes in.
  public let input = Value(index: 0)
  /// The image that goes out: the result of the last node unless ``output`` is set.
  public var output: Value

  /// A graph without layers, whose output is its input.
  public init(name: String, input shape: MapShape) {
    self.name = name
    shapes = [shape]
    output = input
  }

  /// The shape of a feature map.
  public subscript(value: Value) -> MapShape { shapes[value.index] }

  /// Adds a layer behind all others and makes its result the output.
  ///
  /// - Throws: In one sentence why the layer does not take these inputs.
  @discardableResult
  public mutating func append(
    _ layer: Layer, _ inputs: Value..., name: String = ""
  ) throws(InvalidGraph) -> Value {
    try append(layer, of: inputs, name: name)
  }

  /// Adds a layer behind all others and makes its result the output.
  ///
  /// - Throws: In one sentence why the layer does not take these inputs.
  @discardableResult
  public mutating func append(
    _ layer: Layer, of inputs: [Value], name: String = ""
  ) throws(InvalidGraph) -> Value {
    let name = name.isEmpty ? "\(layer.word)_\(nodes.count)" : name
    let shape: MapShape
    do throws(LayerMismatch) {
      shape = try layer.outputShape(inputs.map { self[$0] })
    } catch {
      throw InvalidGraph(node: name, description: error.description)
    }
    let value = Value(index: shapes.count)
    shapes.append(shape)
    nodes.append(Node(name: name, layer: layer, inputs: inputs, output: value))
    output = value
    return value
  }
}

/// Why something is no graph, in one sentence.
public struct InvalidGraph: Error, Hashable, CustomStringConvertible {
  /// The node it is about; empty for the whole graph.
  public let node: String
  package let sentence: String

  public init(node: String = "", description: String) {
    self.node = node
    sentence = description
  }

  public var description: String { node.isEmpty ? sentence : "node '\(node)': \(sentence)" }
}
