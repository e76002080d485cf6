/// A constant of a model: weights, or the small numbers that shapes are computed with.
struct ONNXTensor: Sendable {
  enum Elements: Sendable {
    case floats([Float])
    case integers([Int])
  }

  /// Most elements of a constant that is computed and not read.
  static let largestComputed = 1 << 24
  /// Most bytes of a constant in a file of its own: far more than any layer has, less than memory.
  static let largestExternal = 512 << 20
  /// Integers are kept within ±2^31: sums and products of two of them fit, and `INT64_MAX`, which
  /// means "to the end", still does.
  static let integers = -(1 << 31)...(1 << 31)

  /// Sizes of the axes; none for a single number.
  let dims: [Int]
  /// As many as `dims` say, the last axis fastest.
  let elements: Elements

  /// Sizes and as many elements.
  init(dims: [Int], _ elements: Elements) {
    self.dims = dims
    self.elements = elements
  }

  /// A list of integers.
  init(list: [Int]) {
    self.init(dims: [list.count], .integers(list))
  }

  var count: Int {
    switch elements {
    case .floats(let values): values.count
    case .integers(let values): values.count
    }
  }

  var floats: [Float] {
    switch elements {
    case .floats(let values): values
    case .integers(let values): values.map { Float($0) }
    }
  }

  /// The elements as whole numbers.
  func wholes() throws(Refusal) -> [Int] {
    switch elements {
    case .integers(let values): return values
    case .floats: throw Refusal("has floating-point numbers where integers are needed")
    }
  }

  /// The only element.
  func scalar() throws(Refusal) -> Float {
    let values = floats
    try Refusal.unless(values.count == 1, "has \(values.count) numbers where one is needed")
    return values[0]
  }

  /// The same elements with other axes of as many elements.
  func reshaped(_ dims: [Int]) -> ONNXTensor { ONNXTensor(dims: dims, elements) }

  /// A tensor of other axes, whose elements are those at `indices`.
  func gathered(_ dims: [Int], _ indices: [Int]) -> ONNXTensor {
    switch elements {
    case .floats(let values): ONNXTensor(dims: dims, .floats(indices.map { values[$0] }))
    case .integers(let values): ONNXTensor(dims: dims, .integers(indices.map { values[$0] }))
    }
  }

  /// Repeats elements along axes of size 1 and missing leading ones.
  func broadcast(_ target: [Int]) throws(Refusal) -> ONNXTensor {
    if dims == target { return self }
    let padded = [Int](repeating: 1, count: max(target.count - dims.count, 0)) + dims
    let fits =
      padded.count == target.count && zip(padded, target).allSatisfy { $0 == 1 || $0 == $1 }
    try Refusal.unless(fits, "\(dims) does not broadcast to \(target)")
    let strides = Self.strides(padded)
    let steps = zip(padded, strides).map { $0 == 1 ? 0 : $1 }
    return gathered(target, try Self.offsets(target, steps))
  }

  /// Distance of neighbours along each axis.
  static func strides(_ dims: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: dims.count)
    for axis in dims.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dims[axis + 1]
    }
    return strides
  }

  /// For each element of `dims`, the last axis fastest: `start` and its position times `steps`.
  static func offsets(
    _ dims: [Int], _ steps: [Int], from start: Int = 0
  ) throws(Refusal) -> [Int] {
    let count = try count(dims, atMost: largestComputed)
    if count == 0 { return [] }
    var result = [start]
    result.reserveCapacity(count)
    for (size, step) in zip(dims, steps) {
      result = result.flatMap { base in (0..<size).map { base + $0 * step } }
    }
    return result
  }

  /// The number of elements; refuses negative sizes and more elements than `limit`.
  static func count(_ dims: [Int], atMost limit: Int) throws(Refusal) -> Int {
    var count = 1
    // Without zeros, so that no product of some of the sizes overflows either.
    var bound = 1
    for size in dims {
      try Refusal.unless(size >= 0, "has a negative size among \(dims)")
      let (product, overflow) = bound.multipliedReportingOverflow(by: max(size, 1))
      try Refusal.unless(!overflow, "would have more elements than there can be: \(dims)")
      bound = product
      count *= size
    }
    try Refusal.unless(count <= limit, "would have more elements than there can be: \(dims)")
    return count
  }

  /// The axes that both broadcast to.
  static func common(_ left: [Int], _ right: [Int]) throws(Refusal) -> [Int] {
    let rank = max(left.count, right.count)
    let pad = { (dims: [Int]) in [Int](repeating: 1, count: rank - dims.count) + dims }
    var result: [Int] = []
    for (a, b) in zip(pad(left), pad(right)) {
      try Refusal.unless(a == b || a == 1 || b == 1, "\(left) and \(right) do not fit together")
      result.append(a == 1 ? b : a)
    }
    return result
  }
}

extension Int {
  /// The place of an axis that may be counted from the end.
  static func axis(_ axis: Int, rank: Int) throws(Refusal) -> Int {
    try Refusal.unless(-rank..<rank ~= axis, "has no axis \(axis) among \(rank)")
    return axis < 0 ? axis + rank : axis
  }

  /// A number of a file within ``ONNXTensor/integers``.
  init(bounded value: Int64) {
    let range = ONNXTensor.integers
    self = Swift.min(Swift.max(Int(value), range.lowerBound), range.upperBound)
  }

  /// A number without its fraction, within ``ONNXTensor/integers``; 0 for NaN.
  init(bounded value: Float) {
    let range = ONNXTensor.integers
    self =
      value.isNaN
      ? 0
      : Int(Swift.min(Swift.max(Double(value), Double(range.lowerBound)), Double(range.upperBound)))
  }
}
