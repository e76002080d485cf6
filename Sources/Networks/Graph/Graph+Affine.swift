extension Graph {
  /// The graph with each affine that is the only user of another made one with it: a mean and a
  /// standard deviation, which files have as an addition and a multiplication.
  package func mergingAffine() throws(InvalidGraph) -> Graph {
    var users = [Int](repeating: 0, count: shapes.count)
    for value in nodes.flatMap(\.inputs) + [output] { users[value.index] += 1 }
    var feedsAffine = [Bool](repeating: false, count: shapes.count)
    for node in nodes {
      if case .affine = node.layer { feedsAffine[node.inputs[0].index] = true }
    }
    var result = Graph(name: name, input: self[input])
    var places = [Value](repeating: result.input, count: shapes.count)
    // Affines that have not been added, by their results.
    var pending: [Int: (affine: ChannelAffine, input: Value)] = [:]
    for node in nodes {
      var layer = node.layer
      var inputs = node.inputs
      if case .affine(let scale, let shift) = layer, let before = pending[inputs[0].index] {
        inputs = [before.input]
        layer = ChannelAffine(scale, shift).after(before.affine).layer
      }
      if case .affine(let scale, let shift) = layer, users[node.output.index] == 1,
        feedsAffine[node.output.index]
      {
        pending[node.output.index] = (ChannelAffine(scale, shift), inputs[0])
      } else {
        places[node.output.index] = try result.append(
          layer, of: inputs.map { places[$0.index] }, name: node.name)
      }
    }
    result.output = places[output.index]
    return result
  }
}
