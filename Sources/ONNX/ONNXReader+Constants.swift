internal import Networks
internal import Workloads

/// Operators on constants, which is what exporters compute sizes with.
extension ONNXReader {
  func constantNode() throws(Refusal) -> [Operand] {
    if let proto = node.tensor("value") {
      return [.constant(try ONNXTensor(proto, folder: folder))]
    }
    if let value = node.float("value_float") {
      return [.constant(ONNXTensor(dims: [], .floats([value])))]
    }
    if let value = node.integer("value_int") {
      return [.constant(ONNXTensor(dims: [], .integers([value])))]
    }
    if let values = node.floats("value_floats") {
      return [.constant(ONNXTensor(dims: [values.count], .floats(values)))]
    }
    if let values = node.integers("value_ints") { return [.constant(ONNXTensor(list: values))] }
    throw Refusal("a constant without a tensor or numbers is not read")
  }

  func constantOfShape() throws(Refusal) -> [Operand] {
    let dims = try constant(0).wholes()
    let value =
      try node.tensor("value").map { proto throws(Refusal) in
        try ONNXTensor(proto, folder: folder)
      } ?? ONNXTensor(dims: [1], .floats([0]))
    try Refusal.unless(value.count == 1, "fills with \(value.count) numbers")
    return [.constant(try value.reshaped([]).broadcast(dims))]
  }

  /// Sizes of a map or a constant.
  func shape() throws(Refusal) -> [Operand] {
    let dims: [Int]
    switch try operand(0) {
    case .constant(let tensor): dims = tensor.dims
    case .map(let view): dims = view.dims
    case .padded(let value, let layout, let frame):
      var shape = graph[value]
      shape.height += frame.top + frame.bottom
      shape.width += frame.left + frame.right
      dims = layout.dims(shape)
    }
    let bound = { (axis: Int) in min(max(axis < 0 ? axis + dims.count : axis, 0), dims.count) }
    let start = bound(node.integer("start") ?? 0)
    let end = bound(node.integer("end") ?? dims.count)
    return [.constant(ONNXTensor(list: Array(dims[start..<max(start, end)])))]
  }

  /// A constant of another type; a map stays what it is.
  func cast() throws(Refusal) -> [Operand] {
    let type = Onnx_TensorProto.DataType(rawValue: node.integer("to") ?? 0)
    let isFloat = type == .float || type == .float16 || type == .double
    if let tensor = try constantIfAny(0) {
      if isFloat { return [.constant(ONNXTensor(dims: tensor.dims, .floats(tensor.floats)))] }
      switch type {
      case .int32, .int64:
        guard case .floats(let values) = tensor.elements else { return [.constant(tensor)] }
        return [
          .constant(ONNXTensor(dims: tensor.dims, .integers(values.map { Int(bounded: $0) })))
        ]
      case .bool:
        let truths = tensor.floats.map { $0 == 0 ? 0 : 1 }
        return [.constant(ONNXTensor(dims: tensor.dims, .integers(truths)))]
      default: throw Refusal("a cast to the type \(node.integer("to") ?? 0) is not read")
      }
    }
    try Refusal.unless(isFloat, "a map cast to other than floating-point numbers is not read")
    return [try operand(0)]
  }

  /// Nothing outside of training.
  func dropout() throws(Refusal) -> [Operand] {
    try Refusal.unless(
      try optionalConstant(2)?.scalar() ?? 0 == 0, "dropout that trains is not read")
    return [try operand(0)]
  }

  /// Floor, Ceil, Sqrt and Neg.
  func function() throws(Refusal) -> [Operand] {
    guard let tensor = try constantIfAny(0) else {
      throw Refusal("\(node.operator) of a map is not read")
    }
    switch (tensor.elements, node.operator) {
    case (.integers(let values), "Neg"):
      return [.constant(ONNXTensor(dims: tensor.dims, .integers(values.map { -$0 })))]
    case (.integers, _): return [.constant(tensor)]
    case (.floats(let values), let word):
      let results = values.map { value in
        switch word {
        case "Floor": value.rounded(.down)
        case "Ceil": value.rounded(.up)
        case "Sqrt": value.squareRoot()
        default: -value
        }
      }
      return [.constant(ONNXTensor(dims: tensor.dims, .floats(results)))]
    }
  }

  /// Add, Sub, Mul or Div of two constants.
  func folded(_ left: ONNXTensor, _ right: ONNXTensor) throws(Refusal) -> ONNXTensor {
    let dims = try ONNXTensor.common(left.dims, right.dims)
    let (a, b) = (try left.broadcast(dims), try right.broadcast(dims))
    if case .integers(let a) = a.elements, case .integers(let b) = b.elements {
      try Refusal.unless(node.operator != "Div" || !b.contains(0), "divides by zero")
      let results = zip(a, b).map { a, b in
        switch node.operator {
        case "Add": a + b
        case "Sub": a - b
        case "Mul": a * b
        default: a / b
        }
      }
      return ONNXTensor(dims: dims, .integers(results.map { Int(bounded: Int64($0)) }))
    }
    let results = zip(a.floats, b.floats).map { a, b in
      switch node.operator {
      case "Add": a + b
      case "Sub": a - b
      case "Mul": a * b
      default: a / b
      }
    }
    return ONNXTensor(dims: dims, .floats(results))
  }

  /// Constants behind each other along an axis.
  func joined(_ parts: [ONNXTensor], _ axis: Int) throws(Refusal) -> ONNXTensor {
    guard let first = parts.first else { throw Refusal("concatenates nothing") }
    let axis = try Int.axis(axis, rank: first.dims.count)
    var rest = first.dims
    rest.remove(at: axis)
    var dims = first.dims
    dims[axis] = 0
    var isFloat = false
    for part in parts {
      var others = part.dims
      try Refusal.unless(others.count == dims.count, "\(first.dims) and \(part.dims) differ")
      dims[axis] += others.remove(at: axis)
      try Refusal.unless(others == rest, "\(first.dims) and \(part.dims) differ")
      if case .floats = part.elements { isFloat = true }
    }
    let count = try ONNXTensor.count(dims, atMost: ONNXTensor.largestComputed)
    // Sizes of nothing may be any.
    let outer = count == 0 ? 0 : dims[..<axis].reduce(1, *)
    var floats: [Float] = []
    var integers: [Int] = []
    let values = parts.map(\.floats)
    for index in 0..<outer {
      for (part, values) in zip(parts, values) {
        let length = part.count / outer
        let range = index * length..<(index + 1) * length
        if case .integers(let whole) = part.elements, !isFloat {
          integers += whole[range]
        } else {
          floats += values[range]
        }
      }
    }
    return ONNXTensor(dims: dims, isFloat ? .floats(floats) : .integers(integers))
  }

  func equal() throws(Refusal) -> [Operand] {
    let (left, right) = (try constant(0), try constant(1))
    let dims = try ONNXTensor.common(left.dims, right.dims)
    let (a, b) = (try left.broadcast(dims).floats, try right.broadcast(dims).floats)
    return [.constant(ONNXTensor(dims: dims, .integers(zip(a, b).map { $0 == $1 ? 1 : 0 })))]
  }

  /// Where: of each pair of elements the first or the second.
  func choose() throws(Refusal) -> [Operand] {
    let (condition, first, second) = (try constant(0), try constant(1), try constant(2))
    let dims = try ONNXTensor.common(
      condition.dims, ONNXTensor.common(first.dims, second.dims))
    let chosen = try condition.broadcast(dims).wholes()
    let (a, b) = (try first.broadcast(dims), try second.broadcast(dims))
    if case .integers(let a) = a.elements, case .integers(let b) = b.elements {
      let results = chosen.indices.map { chosen[$0] != 0 ? a[$0] : b[$0] }
      return [.constant(ONNXTensor(dims: dims, .integers(results)))]
    }
    let (floats, others) = (a.floats, b.floats)
    let results = chosen.indices.map { chosen[$0] != 0 ? floats[$0] : others[$0] }
    return [.constant(ONNXTensor(dims: dims, .floats(results)))]
  }
}

extension ONNXTensor {
  /// The elements that `indices` names along an axis.
  func taken(_ indices: ONNXTensor, axis: Int) throws(Refusal) -> ONNXTensor {
    let axis = try Int.axis(axis, rank: dims.count)
    var places: [Int] = []
    for index in try indices.wholes() { places.append(try .axis(index, rank: dims[axis])) }
    let shape = Array(dims[..<axis]) + indices.dims + Array(dims[(axis + 1)...])
    let count = try Self.count(shape, atMost: Self.largestComputed)
    let inner = dims[(axis + 1)...].reduce(1, *)
    // Sizes of nothing may be any.
    let outer = count == 0 ? 0 : dims[..<axis].reduce(1, *)
    let all = (0..<outer).flatMap { block in
      places.flatMap { place in
        let start = (block * dims[axis] + place) * inner
        return Array(start..<start + inner)
      }
    }
    return gathered(shape, all)
  }
}
