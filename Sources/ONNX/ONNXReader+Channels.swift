internal import Networks
internal import Workloads

extension ONNXReader {
  func concat() throws(Refusal) -> [Operand] {
    let axis = node.integer("axis") ?? 1
    if let parts = try constants() { return [.constant(try joined(parts, axis))] }
    var images: [Image] = []
    for index in node.inputs.indices { images.append(try image(index)) }
    let layout = images[0].layout
    try Refusal.unless(
      images.allSatisfy { $0.layout == layout },
      "some inputs have the channels first, others have them last")
    try Refusal.unless(
      try .axis(axis, rank: 4) == layout.channelAxis,
      "concatenates along axis \(axis); maps are concatenated along their channels")
    return [result(try append(.concat, of: images.map(\.value)), layout)]
  }

  /// Sizes as an attribute (until opset 12) or an input, or even parts.
  func split() throws(Refusal) -> [Operand] {
    let image = try image(0)
    let channels = graph[image.value].channels
    let axis = try Int.axis(node.integer("axis") ?? 0, rank: 4)
    try Refusal.unless(
      axis == image.layout.channelAxis, "splits along axis \(axis); maps are split by channels")
    let parts = node.integer("num_outputs") ?? node.outputs.count
    try Refusal.unless(
      parts > 0 && parts == node.outputs.count, "has \(node.outputs.count) results of \(parts)")
    let even = (channels + parts - 1) / parts
    let sizes =
      try integers("split", orInput: 1)
      ?? (0..<parts).map { max(min(even, channels - $0 * even), 0) }
    let total = sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    try Refusal.unless(
      sizes.count == parts && sizes.allSatisfy { 0...channels ~= $0 } && total == channels,
      "splits \(channels) channels into \(sizes)")
    var first = 0
    var results: [Operand] = []
    for (name, size) in zip(node.outputs, sizes) {
      if isWanted(name) {
        let part = try append(.slice(first: first, count: size), image.value)
        results.append(result(part, image.layout))
      } else {
        results.append(result(image.value, image.layout))
      }
      first += size
    }
    return results
  }

  /// Attributes until opset 9, inputs since.
  func slice() throws(Refusal) -> [Operand] {
    let starts = try requiredIntegers("starts", orInput: 1)
    let ends = try requiredIntegers("ends", orInput: 2)
    let axes = try integers("axes", orInput: 3) ?? Array(starts.indices)
    let steps =
      try optionalConstant(4)?.wholes() ?? [Int](repeating: 1, count: starts.count)
    try Refusal.unless(
      [ends.count, axes.count, steps.count].allSatisfy { $0 == starts.count },
      "has \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) steps")
    let tensor = try constantIfAny(0)
    let image = tensor == nil ? try image(0) : nil
    let dims = tensor?.dims ?? image.map { $0.layout.dims(graph[$0.value]) } ?? []
    var ranges = dims.map { Run(start: 0, step: 1, count: $0) }
    for index in starts.indices {
      let axis = try Int.axis(axes[index], rank: dims.count)
      ranges[axis] = try Run(starts[index], ends[index], steps[index], size: dims[axis])
    }
    if let tensor {
      let strides = ONNXTensor.strides(dims)
      let start = zip(ranges, strides).reduce(0) { $0 + $1.0.start * $1.1 }
      let counts = ranges.map(\.count)
      let moves = zip(ranges, strides).map { $0.step * $1 }
      let places = try ONNXTensor.offsets(counts, moves, from: start)
      return [.constant(tensor.gathered(counts, places))]
    }
    guard let image else { return [] }
    for (axis, range) in ranges.enumerated() where axis != image.layout.channelAxis {
      try Refusal.unless(
        range == Run(start: 0, step: 1, count: dims[axis]),
        "cuts rows or columns off; maps are sliced by channels")
    }
    let range = ranges[image.layout.channelAxis]
    if range == Run(start: 0, step: 1, count: graph[image.value].channels) {
      return [result(image.value, image.layout)]
    }
    let layer =
      range.step == 1
      ? Layer.slice(first: range.start, count: range.count)
      : .select((0..<range.count).map { range.start + $0 * range.step })
    return [result(try append(layer, image.value), image.layout)]
  }

  /// Elements of a constant, or channels of a map.
  func gather() throws(Refusal) -> [Operand] {
    let indices = try constant(1)
    let axis = node.integer("axis") ?? 0
    if let tensor = try constantIfAny(0) {
      return [.constant(try tensor.taken(indices, axis: axis))]
    }
    let image = try image(0)
    let shape = graph[image.value]
    let place = try Int.axis(axis, rank: 4)
    try Refusal.unless(
      place == image.layout.channelAxis, "takes from axis \(axis); maps are selected by channels")
    try Refusal.unless(indices.dims.count < 2, "takes channels under the axes \(indices.dims)")
    var channels: [Int] = []
    for index in try indices.wholes() {
      channels.append(try .axis(index, rank: shape.channels))
    }
    let value = try append(.select(channels), image.value)
    if !indices.dims.isEmpty { return [result(value, image.layout)] }
    // A single channel without its axis.
    let view = MapView(value, graph[value], image.layout)
    var dims = view.dims
    dims.remove(at: place)
    return [.map(try reshaped(view, dims))]
  }

  /// Repeats the only channel of a map.
  func expand() throws(Refusal) -> [Operand] {
    let target = try constant(1).wholes()
    if let tensor = try constantIfAny(0) {
      return [.constant(try tensor.broadcast(ONNXTensor.common(tensor.dims, target)))]
    }
    let image = try image(0)
    let dims = image.layout.dims(graph[image.value])
    let result = try ONNXTensor.common(dims, target)
    var repeats = [Int](repeating: 1, count: 4)
    try Refusal.unless(result.count == 4, "expands to \(target)")
    for axis in 0..<4 where result[axis] != dims[axis] { repeats[axis] = result[axis] }
    return try repeated(image, repeats)
  }

  /// Repeats channels.
  func tile() throws(Refusal) -> [Operand] {
    let image = try image(0)
    return try repeated(image, constant(1).wholes())
  }

  private func repeated(_ image: Image, _ repeats: [Int]) throws(Refusal) -> [Operand] {
    let channel = image.layout.channelAxis
    try Refusal.unless(
      repeats.count == 4 && repeats.indices.allSatisfy { $0 == channel || repeats[$0] == 1 },
      "repeats axes by \(repeats); only channels are repeated")
    let channels = graph[image.value].channels
    let times = repeats[channel]
    if times == 1 { return [result(image.value, image.layout)] }
    let count = try ONNXTensor.count([channels, times], atMost: MapShape.largestSize)
    let value = try append(.select((0..<count).map { $0 % channels }), image.value)
    return [result(value, image.layout)]
  }
}

/// Positions on an axis, evenly spaced.
private struct Run: Hashable {
  let start: Int
  let step: Int
  let count: Int

  init(start: Int, step: Int, count: Int) {
    self.start = start
    self.step = step
    self.count = count
  }

  /// What a Slice takes of an axis; negative positions count from its end, and those beyond are
  /// moved to it.
  init(_ start: Int, _ end: Int, _ step: Int, size: Int) throws(Refusal) {
    try Refusal.unless(step != 0, "a slice has a step of 0")
    let bound = { (place: Int) in
      let place = place < 0 ? place + size : place
      return step > 0 ? min(max(place, 0), size) : min(max(place, -1), size - 1)
    }
    let (first, last) = (bound(start), bound(end))
    let length = step > 0 ? last - first : first - last
    self.init(
      start: first, step: step, count: max((length + abs(step) - 1) / abs(step), 0))
  }
}
