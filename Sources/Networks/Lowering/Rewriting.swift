internal import Workloads

/// A graph while its layers are replaced by others that compute the same.
///
/// Nodes are known by the value they make. What nothing uses any more is left out by ``order``.
struct Rewriting {
  struct Node {
    var layer: Layer
    var inputs: [Int]
    /// Names of the nodes it stands for.
    var names: [String]
  }

  private(set) var nodes: [Int: Node] = [:]
  private(set) var shapes: [MapShape]
  private(set) var output: Int
  let input = 0
  /// What is done to the image before it comes in.
  var inputAffine: ChannelAffine
  /// Nodes that read each value, once for each time.
  private var users: [[Int]]

  init(_ graph: Graph) {
    shapes = graph.shapes
    output = graph.output.index
    inputAffine = ChannelAffine(channels: graph[graph.input].channels)
    users = Array(repeating: [], count: shapes.count)
    for node in graph.nodes {
      let inputs = node.inputs.map(\.index)
      nodes[node.output.index] = Node(layer: node.layer, inputs: inputs, names: [node.name])
      for input in inputs { users[input].append(node.output.index) }
    }
    removeUnused(among: Array(nodes.keys))
  }

  /// Values in an order in which they can be made: of several inputs, what the first needs comes first.
  var order: [Int] {
    var order: [Int] = []
    var isDone = Array(repeating: false, count: shapes.count)
    var stack: [(value: Int, isExpanded: Bool)] = [(output, false)]
    while let (value, isExpanded) = stack.popLast() {
      guard let node = nodes[value], !isDone[value] else { continue }
      if isExpanded {
        isDone[value] = true
        order.append(value)
      } else {
        stack.append((value, true))
        stack += node.inputs.reversed().map { ($0, false) }
      }
    }
    return order
  }

  /// Nodes that read a value.
  func users(of value: Int) -> [Int] { users[value] }

  /// Whether one node alone reads a value, once, and it is not the result.
  func isUsedOnce(_ value: Int) -> Bool { users[value].count == 1 && value != output }

  /// The value and node behind a value if that node is the only one to read it.
  func next(_ value: Int) -> (value: Int, node: Node)? {
    guard isUsedOnce(value), let user = users[value].first, let node = nodes[user] else {
      return nil
    }
    return (user, node)
  }

  /// Adds a node.
  mutating func add(_ layer: Layer, _ inputs: [Int], names: [String]) throws(InvalidGraph) -> Int {
    let shape: MapShape
    do throws(LayerMismatch) {
      shape = try layer.outputShape(inputs.map { shapes[$0] })
    } catch {
      throw InvalidGraph(node: names.first ?? "", description: error.description)
    }
    let value = shapes.count
    shapes.append(shape)
    users.append([])
    nodes[value] = Node(layer: layer, inputs: inputs, names: names)
    for input in inputs { users[input].append(value) }
    return value
  }

  /// Puts `new` in the place of `old` everywhere; the node of `old` is gone.
  mutating func replace(_ old: Int, by new: Int) {
    let inputs = nodes.removeValue(forKey: old)?.inputs ?? []
    for input in inputs { users[input].removeAll { $0 == old } }
    for user in Set(users[old]) where user != new {
      guard var node = nodes[user] else { continue }
      for place in node.inputs.indices where node.inputs[place] == old {
        node.inputs[place] = new
        users[new].append(user)
      }
      nodes[user] = node
    }
    users[old] = []
    if output == old { output = new }
    removeUnused(among: inputs)
  }

  /// Takes those of some nodes that nobody reads off the lists of what they read, and so on.
  private mutating func removeUnused(among values: [Int]) {
    var suspects = values
    while let value = suspects.popLast() {
      guard users[value].isEmpty, value != output, let node = nodes.removeValue(forKey: value)
      else { continue }
      for input in node.inputs { users[input].removeAll { $0 == value } }
      suspects += node.inputs
    }
  }

  /// Gives every layer that `rewrite` changes another chance until none is left.
  ///
  /// - Parameter rewrite: Returns whether it replaced the node of a value.
  mutating func untilStable(
    _ rewrite: (inout Rewriting, Int, Node) throws(InvalidGraph) -> Bool
  ) throws(InvalidGraph) {
    var isChanged = true
    while isChanged {
      isChanged = false
      for value in order {
        guard let node = nodes[value] else { continue }
        if try rewrite(&self, value, node) { isChanged = true }
      }
    }
  }
}
