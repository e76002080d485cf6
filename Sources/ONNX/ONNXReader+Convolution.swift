internal import Networks
internal import Workloads

/// Where a kernel of any sides, dilations and padding reads, along one axis.
private struct Reach {
  let kernel: Int
  let stride: Int
  let dilation: Int
  /// Zeros before the first row or column.
  let before: Int
  let after: Int

  /// From the first tap to the last, both included.
  var extent: Int { (kernel - 1) * dilation + 1 }
  /// The most rows from the middle that a kernel with same padding must have to either side.
  var radius: Int { max(before, extent - 1 - before, 0) }
}

extension ONNXReader {
  /// Largest kernel that others are embedded in.
  private static var largestKernel: Int { 31 }

  /// A convolution that keeps the size, or divides it by the stride. What is not square, odd and
  /// evenly padded becomes so with zeros around the weights.
  func convolution() throws(Refusal) -> [Operand] {
    var padding = Frame()
    let value: Graph.Value
    if case .padded(let source, .channelsFirst, let frame) = try operand(0) {
      (value, padding) = (source, frame)
    } else {
      value = try channelsFirst(0)
    }
    let weights = try kernel()
    let bias = try bias(2, channels: weights.dims[0])
    let shape = graph[value]
    let framed = [
      shape.height + padding.top + padding.bottom, shape.width + padding.left + padding.right,
    ]
    let reaches = try reaches(weights, framed: framed, padding)
    for (size, reach) in zip([shape.height, shape.width], reaches) {
      let room = size + reach.before + reach.after - reach.extent
      let result = room < 0 ? 0 : room / reach.stride + 1
      try Refusal.unless(
        result == (size + reach.stride - 1) / reach.stride,
        "a kernel of \(reach.kernel) with padding \(reach.before) and \(reach.after), dilation "
          + "\(reach.dilation) and stride \(reach.stride) makes \(result) of \(size) rows or columns; "
          + "only same padding is read")
    }
    try Refusal.unless(
      reaches[0].stride == reaches[1].stride,
      "strides of \(reaches[0].stride) and \(reaches[1].stride) differ")
    let radius = max(reaches[0].radius, reaches[1].radius)
    let side = 2 * radius + 1
    try Refusal.unless(
      side <= Self.largestKernel,
      "needs a kernel of \(side)x\(side); at most \(Self.largestKernel) is read")
    let groups = node.integer("group") ?? 1
    let dilations = reaches.map(\.dilation)
    let start = reaches.map { radius - $0.before }
    let square = try parameters(1, as: "\(side) \(dilations) \(start)") { () throws(Refusal) in
      try weights.embedded(side, dilations: dilations, at: start)
    }
    return [
      result(
        try append(
          .convolution(
            ConvolutionLayer(
              kernel: side, inputs: weights.dims[1] * groups, outputs: weights.dims[0],
              stride: reaches[0].stride, groups: groups, weights: square, bias: bias)), value))
    ]
  }

  /// A transposed convolution that multiplies the size by its stride.
  func transposedConvolution() throws(Refusal) -> [Operand] {
    let value = try channelsFirst(0)
    let shape = graph[value]
    let weights = try kernel()
    let dilations = try node.integers("dilations", count: 2, default: 1)
    let strides = try node.integers("strides", count: 2, default: 1)
    let pads = try node.integers("pads", count: 4, default: 0)
    let extra = try node.integers("output_padding", count: 2, default: 0)
    try Refusal.unless(
      strides[0] == strides[1] && (1...4).contains(strides[0]),
      "strides of \(strides[0]) and \(strides[1]); both are the same, 1 to 4")
    let automatic = node.string("auto_pad") ?? "NOTSET"
    let wanted = node.integers("output_shape")
    try Refusal.unless(
      wanted == nil || wanted?.count == 2, "'output_shape' does not have 2 numbers")
    var before: [Int] = []
    for (axis, size) in [shape.height, shape.width].enumerated() {
      let stride = strides[axis]
      try Refusal.unless(dilations[axis] > 0, "a dilation is at least 1, not \(dilations[axis])")
      let extent = (weights.dims[axis + 2] - 1) * dilations[axis] + 1
      let whole = stride * (size - 1) + extra[axis] + extent
      let isSame = automatic.hasPrefix("SAME")
      let result = wanted?[axis] ?? (isSame ? size * stride : nil)
      let cut = result.map { whole - $0 } ?? (pads[axis] + pads[axis + 2])
      try Refusal.unless(
        whole - cut == size * stride && cut >= 0,
        "makes \(whole - cut) of \(size) rows or columns where a stride of \(stride) makes "
          + "\(size * stride)")
      if result == nil {
        before.append(pads[axis])
      } else {
        before.append(automatic == "SAME_UPPER" ? cut / 2 : cut - cut / 2)
      }
    }
    let padding = max(before[0], before[1])
    let at = before.map { padding - $0 }
    try Refusal.unless(before.allSatisfy { $0 >= 0 }, "has negative padding")
    var side = padding + 1
    for axis in 0..<2 {
      side = max(side, at[axis] + (weights.dims[axis + 2] - 1) * dilations[axis] + 1)
    }
    try Refusal.unless(
      side <= Self.largestKernel,
      "needs a kernel of \(side)x\(side); at most \(Self.largestKernel) is read")
    let groups = node.integer("group") ?? 1
    try Refusal.unless(
      groups > 0 && weights.dims[0] % groups == 0,
      "\(groups) groups do not divide \(weights.dims[0]) channels")
    let bias = try bias(2, channels: weights.dims[1] * groups)
    let square = try parameters(1, as: "\(side) \(dilations) \(at) \(groups)") {
      () throws(Refusal) in
      try Self.ungrouped(
        weights.embedded(side, dilations: dilations, at: at), weights.dims[0], weights.dims[1],
        side, groups)
    }
    return [
      result(
        try append(
          .transposedConvolution(
            TransposedConvolutionLayer(
              kernel: side, inputs: weights.dims[0], outputs: weights.dims[1] * groups,
              stride: strides[0], padding: padding,
              weights: square, bias: bias)), value))
    ]
  }

  /// The node's kernel, `[a, b, height, width]`.
  private func kernel() throws(Refusal) -> ONNXTensor {
    let weights = try constant(1)
    try Refusal.unless(
      weights.dims.count == 4 && weights.count > 0,
      "a kernel of the shape \(weights.dims) is not one of two dimensions")
    if let sides = node.integers("kernel_shape") {
      try Refusal.unless(
        sides == Array(weights.dims[2...]), "a kernel of \(sides) has weights of \(weights.dims)")
    }
    return weights
  }

  /// How the kernel lies on rows and columns; `framed` are the sizes with `padding`.
  private func reaches(
    _ weights: ONNXTensor, framed: [Int], _ padding: Frame
  ) throws(Refusal) -> [Reach] {
    let dilations = try node.integers("dilations", count: 2, default: 1)
    let strides = try node.integers("strides", count: 2, default: 1)
    let pads = try node.integers("pads", count: 4, default: 0)
    let automatic = node.string("auto_pad") ?? "NOTSET"
    let outer = [(padding.top, padding.bottom), (padding.left, padding.right)]
    var result: [Reach] = []
    for axis in 0..<2 {
      let (stride, dilation) = (strides[axis], dilations[axis])
      try Refusal.unless(stride > 0, "a stride is at least 1, not \(stride)")
      try Refusal.unless(dilation > 0, "a dilation is at least 1, not \(dilation)")
      let extent = (weights.dims[axis + 2] - 1) * dilation + 1
      var (before, after) = (pads[axis], pads[axis + 2])
      switch automatic {
      case "NOTSET", "": break
      case "VALID": (before, after) = (0, 0)
      case "SAME_UPPER", "SAME_LOWER":
        let steps = (framed[axis] + stride - 1) / stride - 1
        let total = max(steps * stride + extent - framed[axis], 0)
        before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2
        after = total - before
      default: throw Refusal("an auto_pad of '\(automatic)' is none of ONNX's")
      }
      result.append(
        Reach(
          kernel: weights.dims[axis + 2], stride: stride, dilation: dilation,
          before: before + outer[axis].0, after: after + outer[axis].1))
    }
    return result
  }

  /// Weights `[inputs, outputs of a group, side, side]` as those of one group, with zeros between
  /// channels of different ones.
  private static func ungrouped(
    _ weights: [Float], _ inputs: Int, _ outputs: Int, _ side: Int, _ groups: Int
  ) throws(Refusal) -> [Float] {
    if groups == 1 { return weights }
    let taps = outputs * side * side
    let count = try ONNXTensor.count(
      [inputs, groups, taps], atMost: ONNXTensor.largestComputed)
    var result = [Float](repeating: 0, count: count)
    for input in 0..<inputs {
      let group = input / (inputs / groups)
      let start = (input * groups + group) * taps
      result.replaceSubrange(
        start..<start + taps, with: weights[input * taps..<(input + 1) * taps])
    }
    return result
  }
}

extension ONNXTensor {
  /// The values of a kernel `[a, b, height, width]`, its taps `dilations` apart from the position
  /// `start` on in a square of zeros.
  ///
  /// - Throws: If the square would hold more numbers than any model needs.
  fileprivate func embedded(
    _ side: Int, dilations: [Int], at start: [Int]
  ) throws(Refusal) -> [Float] {
    let values = floats
    let (height, width) = (dims[2], dims[3])
    if height == side, width == side { return values }
    let kernels = dims[0] * dims[1]
    let count = try Self.count([kernels, side, side], atMost: Self.largestComputed)
    var result = [Float](repeating: 0, count: count)
    for kernel in 0..<kernels {
      for y in 0..<height {
        let row = (kernel * side + start[0] + y * dilations[0]) * side
        for x in 0..<width {
          result[row + start[1] + x * dilations[1]] = values[(kernel * height + y) * width + x]
        }
      }
    }
    return result
  }
}
