internal import Workloads

/// Rows and columns around a map.
struct Frame: Hashable {
  var top = 0
  var left = 0
  var bottom = 0
  var right = 0

  static func + (a: Frame, b: Frame) -> Frame {
    Frame(
      top: a.top + b.top, left: a.left + b.left, bottom: a.bottom + b.bottom,
      right: a.right + b.right)
  }
}

extension ONNXReader {
  /// Zeros around a map; a convolution takes them with its own.
  func pad() throws(Refusal) -> [Operand] {
    let image = try image(0)
    let rank = 4
    var axes = Array(0..<rank)
    if let list = try optionalConstant(3) {
      axes = []
      for axis in try list.wholes() { axes.append(try .axis(axis, rank: rank)) }
    }
    let list = try requiredIntegers("pads", orInput: 1)
    try Refusal.unless(
      list.count == 2 * axes.count, "has \(list.count) paddings for \(axes.count) axes")
    var before = [Int](repeating: 0, count: rank)
    var after = before
    for (place, axis) in axes.enumerated() {
      before[axis] = list[place]
      after[axis] = list[place + axes.count]
    }
    if before + after == [Int](repeating: 0, count: 2 * rank) {
      return [result(image.value, image.layout)]
    }
    let mode = node.string("mode") ?? "constant"
    try Refusal.unless(mode == "constant", "padding of mode '\(mode)' is not read, only constant")
    let value = try number("value", orInput: 2) ?? 0
    try Refusal.unless(value == 0, "padding with \(value) is not read, only with 0")
    let (row, column) = (image.layout.heightAxis, image.layout.widthAxis)
    let channel = image.layout.channelAxis
    try Refusal.unless(
      (before + after).allSatisfy { $0 >= 0 } && before[0] + after[0] == 0
        && before[channel] + after[channel] == 0,
      "padding of \(list) is not read, only zeros around rows and columns")
    let frame = Frame(
      top: before[row], left: before[column], bottom: after[row], right: after[column])
    return [.padded(image.value, image.layout, frame)]
  }
}
