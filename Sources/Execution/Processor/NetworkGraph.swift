internal import Measurement
internal import Networks
internal import Tables
internal import Workloads
internal import XNNPACK

/// A lowered network as one graph of XNNPACK: the image is its external value 0, the result 1.
struct NetworkGraph {
  let graph: Subgraph
  private let network: LoweredNetwork
  private var buffers: [BufferContents]
  /// Views of more than one value, joined before.
  private var joined: [LoweredNetwork.View: Subgraph.Value] = [:]

  init(_ network: LoweredNetwork, _ library: Library) throws(Failure) {
    self.network = network
    buffers = Array(repeating: BufferContents(), count: network.buffers.count)
    do throws(XNNPACKError) {
      graph = try Subgraph(library, externals: 2)
      write(try graph.input(0, network.shape(of: network.input).channelsLast), network.input)
    } catch {
      throw Failure(error)
    }
    let writer = network.steps.lastIndex { $0.views[.output] == network.output }
    // A copy writes nothing of its own.
    let last = writer.flatMap { network.steps[$0].isCopy ? nil : $0 }
    for (index, step) in network.steps.enumerated() {
      do throws(Failure) { try append(step, isLast: index == last) } catch {
        let layer = step.nodes.joined(separator: " + ")
        throw Failure(error.kind, "\(network.name), layer \(layer): \(error.reason)")
      }
    }
    guard last == nil else { return }
    do throws(XNNPACKError) { try joinResult() } catch {
      let failure = Failure(error)
      throw Failure(failure.kind, "\(network.name), result: \(failure.reason)")
    }
  }

  private mutating func append(_ step: LoweredNetwork.Step, isLast: Bool) throws(Failure) {
    if step.isCopy, let input = step.views[.input], let output = step.views[.output] {
      // Values never change, so that a copy is the value itself.
      do throws(XNNPACKError) { return write(try read(input), output) } catch {
        throw Failure(error)
      }
    }
    let operators = try HostOperators(step.workload)
    do throws(XNNPACKError) { try append(step, operators, isLast: isLast) } catch {
      throw Failure(error)
    }
  }

  private mutating func append(
    _ step: LoweredNetwork.Step, _ operators: HostOperators, isLast: Bool
  ) throws(XNNPACKError) {
    var operands: [Operand: Subgraph.Value] = [:]
    for (operand, shape) in step.workload.activations {
      guard let view = step.views[operand], network.shape(of: view) == shape else {
        throw XNNPACKError(missing: "\(operand.rawValue) of its shape")
      }
      if operand == .output { continue }
      operands[operand] = try ordered(
        read(view), operators.order(of: operand), network.shape(of: view))
    }
    var parameters: [Operand: [Float]] = [:]
    for (operand, count) in step.workload.parameters {
      guard let values = step.parameters[operand]?.values, values.count == count else {
        throw XNNPACKError(missing: "\(count) \(operand.rawValue)")
      }
      parameters[operand] = values
    }
    if let mask = step.workload.mask {
      for index in 0..<mask.total where !mask[index] { parameters[.weights]?[index] = 0 }
    }
    guard let view = step.views[.output] else { throw XNNPACKError(missing: "output") }
    let sizes = network.shape(of: view).channelsLast
    let output = isLast ? try graph.output(1, sizes) : try graph.intermediate(sizes)
    try operators.define(in: graph, operands, output: output) { operand, index in
      parameters[operand]?[index] ?? 0
    }
    write(output, view)
  }

  private mutating func write(_ value: Subgraph.Value, _ view: LoweredNetwork.View) {
    buffers[view.buffer].write(value, to: view.range)
    joined = joined.filter { $0.key.buffer != view.buffer }
  }

  /// What a view sees: a value, or parts of several.
  private mutating func read(
    _ view: LoweredNetwork.View
  ) throws(XNNPACKError) -> Subgraph.Value {
    if let known = joined[view] { return known }
    let pieces = try pieces(of: view)
    if pieces.count == 1, pieces[0].channels == pieces[0].whole { return pieces[0].value }
    let result = try graph.intermediate(network.shape(of: view).channelsLast)
    try join(pieces, network.shape(of: view), result)
    joined[view] = result
    return result
  }

  /// Makes the result where it is not what one step writes.
  private func joinResult() throws(XNNPACKError) {
    let shape = network.shape(of: network.output)
    let pieces = try pieces(of: network.output)
    try join(pieces, shape, graph.output(1, shape.channelsLast))
  }

  private func pieces(
    of view: LoweredNetwork.View
  ) throws(XNNPACKError) -> [BufferContents.Piece] {
    guard let pieces = buffers[view.buffer].read(view.range) else {
      throw XNNPACKError(missing: "channels \(view.range) of buffer \(view.buffer)")
    }
    return pieces
  }

  /// Concatenates pieces two by two.
  private func join(
    _ pieces: [BufferContents.Piece], _ shape: MapShape, _ output: Subgraph.Value
  ) throws(XNNPACKError) {
    func sizes(_ channels: Int) -> [Int] { [1, shape.height, shape.width, channels] }
    var (done, channels): (Subgraph.Value?, Int) = (nil, 0)
    for (index, piece) in pieces.enumerated() {
      var value = piece.value
      if piece.channels != piece.whole || pieces.count == 1 {
        let part = sizes(piece.channels.count)
        value = pieces.count == 1 ? output : try graph.intermediate(part)
        try graph.slice(
          piece.value, firstChannel: piece.channels.lowerBound - piece.whole.lowerBound, value,
          part)
      }
      channels += piece.channels.count
      guard let first = done else {
        done = value
        continue
      }
      let isLast = index == pieces.count - 1
      let both = isLast ? output : try graph.intermediate(sizes(channels))
      try graph.concatenate(first, value, both)
      done = both
    }
  }

  /// A value with its channels in the order that depth to space wants, by a convolution with ones: the only
  /// operator of all versions that moves channels.
  private func ordered(
    _ value: Subgraph.Value, _ order: ChannelOrder, _ shape: MapShape
  ) throws(XNNPACKError) -> Subgraph.Value {
    guard order.factor > 1 else { return value }
    let count = shape.channels
    let filter = Tensor(count: count * count) { index in
      order.channel(at: index / count, of: count) == index % count ? 1 : 0
    }
    let result = try graph.intermediate(shape.channelsLast)
    try graph.convolution(
      value, filter: graph.constant([count, 1, 1, count], filter),
      bias: graph.constant([count], Tensor(count: count) { _ in 0 }), result,
      Subgraph.Window(kernel: 1, stride: 1, padding: 0), groups: 1, inputs: count, outputs: count,
      range: Subgraph.Range())
    return result
  }
}

extension LoweredNetwork.Step {
  fileprivate var isCopy: Bool {
    if case .copy = workload.operation { true } else { false }
  }
}

extension LoweredNetwork.View {
  fileprivate var range: Range<Int> { firstChannel..<firstChannel + channels }
}
