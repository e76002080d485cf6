internal import Networks
internal import Workloads

extension ONNXReader {
  /// Resize, and Upsample of opset 9: nearest or linear, by whole factors.
  func resize() throws(Refusal) -> [Operand] {
    let image = try image(0)
    let shape = graph[image.value]
    let factor = try factor(image)
    let mode = node.string("mode") ?? "nearest"
    if factor == 1 { return [result(image.value, image.layout)] }
    try Refusal.unless(
      max(shape.height, shape.width) <= MapShape.largestSize / factor,
      "\(shape) times \(factor) is too large")
    let place = coordinates
    let interpolation: Interpolation
    switch mode {
    case "nearest":
      let rounding = roundsDown ? "floor" : node.string("nearest_mode") ?? "round_prefer_floor"
      try Refusal.unless(
        repeats(shape.height, factor, place, rounding)
          && repeats(shape.width, factor, place, rounding),
        "nearest neighbours by '\(place)' and '\(rounding)' are read only where each pixel is "
          + "repeated \(factor) times")
      interpolation = .nearest
    case "linear", "bilinear":
      try Refusal.unless(
        place == "half_pixel" || place == "pytorch_half_pixel",
        "linear interpolation by '\(place)' is not read, only by 'half_pixel'")
      interpolation = .bilinear
    default: throw Refusal("interpolation of mode '\(mode)' is not read, only nearest and linear")
    }
    return [result(try append(.resize(interpolation, factor: factor), image.value), image.layout)]
  }

  /// Before opset 11 an output pixel lies at its place divided by the factor, and the nearest pixel
  /// is the one before.
  private var roundsDown: Bool { model.opset < 11 || node.operator == "Upsample" }

  private var coordinates: String {
    roundsDown ? "asymmetric" : node.string("coordinate_transformation_mode") ?? "half_pixel"
  }

  /// The factor of both rows and columns, from factors or sizes.
  private func factor(_ image: Image) throws(Refusal) -> Int {
    let dims = image.layout.dims(graph[image.value])
    var axes: [Int] = []
    for axis in node.integers("axes") ?? Array(0..<4) { axes.append(try .axis(axis, rank: 4)) }
    let isOld = roundsDown
    var factors = [Float](repeating: 1, count: 4)
    let input = try optionalConstant(isOld ? 1 : 2)
    let list = input?.floats ?? node.floats("scales") ?? []
    if !list.isEmpty {
      try Refusal.unless(
        list.count == axes.count, "has \(list.count) factors for \(axes.count) axes")
      for (axis, factor) in zip(axes, list) { factors[axis] = factor }
    } else {
      try Refusal.unless(!isOld && node.has(input: 3), "has neither factors nor sizes")
      let policy = node.string("keep_aspect_ratio_policy") ?? "stretch"
      try Refusal.unless(policy == "stretch", "the policy '\(policy)' for sizes is not read")
      let sizes = try constant(3).wholes()
      try Refusal.unless(
        sizes.count == axes.count, "has \(sizes.count) sizes for \(axes.count) axes")
      for (axis, size) in zip(axes, sizes) { factors[axis] = Float(size) / Float(dims[axis]) }
    }
    let (row, column) = (factors[image.layout.heightAxis], factors[image.layout.widthAxis])
    try Refusal.unless(
      factors[0] == 1 && factors[image.layout.channelAxis] == 1 && row == column
        && row.rounded() == row && row >= 1,
      "resizes by \(factors); one whole factor for rows and columns is read")
    return Int(bounded: row)
  }

  /// Whether the nearest neighbour of output pixel `y` is `y / factor` for each of them.
  private func repeats(_ size: Int, _ factor: Int, _ place: String, _ rounding: String) -> Bool {
    let scale = Double(factor)
    return (0..<size * factor).allSatisfy { y in
      let position: Double
      switch place {
      case "half_pixel": position = (Double(y) + 0.5) / scale - 0.5
      case "pytorch_half_pixel":
        position = size * factor > 1 ? (Double(y) + 0.5) / scale - 0.5 : 0
      case "asymmetric": position = Double(y) / scale
      case "align_corners": position = Double(y * (size - 1)) / Double(size * factor - 1)
      case "tf_half_pixel_for_nn": position = (Double(y) + 0.5) / scale
      default: return false
      }
      let nearest: Double
      switch rounding {
      case "floor": nearest = position.rounded(.down)
      case "ceil": nearest = position.rounded(.up)
      case "round_prefer_floor": nearest = (position - 0.5).rounded(.up)
      case "round_prefer_ceil": nearest = (position + 0.5).rounded(.down)
      default: return false
      }
      return min(max(Int(nearest), 0), size - 1) == y / factor
    }
  }
}
