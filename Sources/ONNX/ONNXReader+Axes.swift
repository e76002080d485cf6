internal import Networks
internal import Workloads

extension ONNXReader {
  /// Reshape, Flatten, Squeeze and Unsqueeze: the same elements under other axes.
  func reshape() throws(Refusal) -> [Operand] {
    if let tensor = try constantIfAny(0) {
      let dims = try newAxes(tensor.dims)
      let count = try ONNXTensor.count(dims, atMost: max(tensor.count, 1))
      try Refusal.unless(
        count == tensor.count, "\(tensor.dims) cannot be reshaped to \(dims)")
      return [.constant(tensor.reshaped(dims))]
    }
    let view = try view(0)
    return [.map(try reshaped(view, newAxes(view.dims)))]
  }

  func transpose() throws(Refusal) -> [Operand] {
    if case .padded(let value, .channelsLast, let frame) = try operand(0),
      node.integers("perm") == [0, 3, 1, 2]
    {
      return [.padded(value, .channelsFirst, frame)]
    }
    let tensor = try constantIfAny(0)
    let map = tensor == nil ? try view(0) : nil
    let rank = tensor?.dims.count ?? map?.axes.count ?? 0
    let order = node.integers("perm") ?? Array((0..<rank).reversed())
    try Refusal.unless(
      order.sorted() == Array(0..<rank), "a permutation of \(order) for \(rank) axes")
    if let map { return [.map(map.transposed(order))] }
    guard let tensor else { return [] }
    let strides = ONNXTensor.strides(tensor.dims)
    let dims = order.map { tensor.dims[$0] }
    let places = try ONNXTensor.offsets(dims, order.map { strides[$0] })
    return [.constant(tensor.gathered(dims, places))]
  }

  /// Depth to space in the order columns-rows-depth, which is PyTorch's, or depth-columns-rows.
  func depthToSpace() throws(Refusal) -> [Operand] {
    let value = try channelsFirst(0)
    let (shape, block) = (graph[value], try blockSize())
    try Refusal.unless(
      shape.channels % (block * block) == 0,
      "\(shape.channels) channels do not divide by \(block * block)")
    let depth = shape.channels / (block * block)
    let mode = node.string("mode") ?? "DCR"
    try Refusal.unless(["DCR", "CRD"].contains(mode), "a mode of '\(mode)' is none of ONNX's")
    let isFirst = mode == "CRD"
    let split = isFirst ? [depth, block, block] : [block, block, depth]
    let order = isFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
    let apart = try reshaped(MapView(value, shape), [1] + split + [shape.height, shape.width])
    return [
      .map(
        try reshaped(
          apart.transposed(order), [1, depth, shape.height * block, shape.width * block]))
    ]
  }

  /// The inverse of depth to space in the order depth-columns-rows.
  func spaceToDepth() throws(Refusal) -> [Operand] {
    let value = try channelsFirst(0)
    let (shape, block) = (graph[value], try blockSize())
    try Refusal.unless(
      shape.height % block == 0 && shape.width % block == 0,
      "\(shape.height)x\(shape.width) does not divide by \(block)")
    let (rows, columns) = (shape.height / block, shape.width / block)
    let apart = try reshaped(
      MapView(value, shape), [1, shape.channels, rows, block, columns, block])
    return [
      .map(
        try reshaped(
          apart.transposed([0, 3, 5, 1, 2, 4]),
          [1, shape.channels * block * block, rows, columns]))
    ]
  }

  func globalAveragePool() throws(Refusal) -> [Operand] {
    [result(try append(.globalAveragePool, try channelsFirst(0)))]
  }

  /// The mean over rows and columns.
  func reduceMean() throws(Refusal) -> [Operand] {
    let image = try image(0)
    var axes: [Int] = []
    for axis in try integers("axes", orInput: 1) ?? [] {
      axes.append(try .axis(axis, rank: 4))
    }
    try Refusal.unless(
      axes.sorted() == [image.layout.heightAxis, image.layout.widthAxis].sorted(),
      "a mean over the axes \(axes) is not read, only over rows and columns")
    let value = try append(.globalAveragePool, image.value)
    if node.integer("keepdims") ?? 1 != 0 { return [result(value, image.layout)] }
    let view = MapView(value, graph[value], image.layout)
    return [.map(try reshaped(view, [1, graph[value].channels]))]
  }

  /// A view under other axes.
  func reshaped(_ view: MapView, _ dims: [Int]) throws(Refusal) -> MapView {
    guard let result = view.reshaped(dims) else {
      throw Refusal("\(view.dims) cannot be reshaped to \(dims), or in a way that no layer does")
    }
    return result
  }

  private func blockSize() throws(Refusal) -> Int {
    let block = node.integer("blocksize") ?? 0
    try Refusal.unless((1...64).contains(block), "a block size of \(block) is not read")
    return block
  }

  /// The axes that the node makes of `dims`.
  private func newAxes(_ dims: [Int]) throws(Refusal) -> [Int] {
    switch node.operator {
    case "Flatten":
      let axis = node.integer("axis") ?? 1
      let place = axis == dims.count ? axis : try Int.axis(axis, rank: dims.count)
      return [dims[..<place].reduce(1, *), dims[place...].reduce(1, *)]
    case "Squeeze":
      let all = dims.indices.filter { dims[$0] == 1 }
      var axes: [Int] = []
      for axis in try integers("axes", orInput: 1) ?? all {
        axes.append(try .axis(axis, rank: dims.count))
      }
      try Refusal.unless(
        axes.allSatisfy { dims[$0] == 1 }, "squeezes axes \(axes) of \(dims), which are not 1")
      return dims.indices.filter { !axes.contains($0) }.map { dims[$0] }
    case "Unsqueeze":
      let list = try requiredIntegers("axes", orInput: 1)
      let rank = dims.count + list.count
      var axes: Set<Int> = []
      for axis in list { axes.insert(try .axis(axis, rank: rank)) }
      try Refusal.unless(axes.count == list.count && rank <= 16, "adds the axes \(list)")
      var rest = dims[...]
      return (0..<rank).map { axes.contains($0) ? 1 : rest.removeFirst() }
    default:
      return try reshapeTarget(dims, constant(1).wholes())
    }
  }

  /// Sizes with 0 for one that stays and -1 for what is left.
  private func reshapeTarget(_ dims: [Int], _ target: [Int]) throws(Refusal) -> [Int] {
    let keepsZero = node.integer("allowzero") ?? 0 != 0
    var result = target
    for (axis, size) in target.enumerated() where size == 0 && !keepsZero {
      try Refusal.unless(axis < dims.count, "\(target) keeps axis \(axis) of \(dims)")
      result[axis] = dims[axis]
    }
    guard let open = result.firstIndex(of: -1) else { return result }
    let all = try ONNXTensor.count(dims, atMost: .max)
    result[open] = 1
    let known = try ONNXTensor.count(result, atMost: .max)
    try Refusal.unless(
      known > 0 && all % known == 0, "\(dims) cannot be reshaped to \(target)")
    result[open] = all / known
    return result
  }
}
