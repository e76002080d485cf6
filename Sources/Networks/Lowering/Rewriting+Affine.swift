extension Rewriting {
  /// Folds mean shifts, batch norm and other factors and addends of channels into the input, into
  /// convolutions before or after them, or into each other.
  mutating func foldAffines() throws(InvalidGraph) {
    try untilStable { rewriting, value, node throws(InvalidGraph) in
      guard let affine = node.affine else { return false }
      if try rewriting.foldBackward(affine, value, node) { return true }
      return try rewriting.foldForward(affine, value, node)
    }
  }

  /// Folds an affine into what comes before it.
  private mutating func foldBackward(
    _ affine: ChannelAffine, _ value: Int, _ node: Node
  ) throws(InvalidGraph) -> Bool {
    let source = node.inputs[0]
    guard let before = nodes[source] else {
      // The image: everything reads it through this affine, or it stays.
      guard users(of: source) == [value] else { return false }
      inputAffine = affine.after(inputAffine)
      replace(value, by: source)
      return true
    }
    let names = before.names + node.names
    if case .affine = before.layer, let first = before.affine {
      return try put(affine.after(first).layer, before.inputs, names, inPlaceOf: value)
    }
    guard isUsedOnce(source) else { return false }
    switch before.layer {
    case .convolution(let it):
      return try put(
        .convolution(it.followed(by: affine)), before.inputs, names, inPlaceOf: value)
    case .pixelShuffle(let factor):
      let moved = try add(
        affine.repeated(factor * factor).layer, before.inputs, names: node.names)
      return try put(before.layer, [moved], before.names, inPlaceOf: value)
    case .add: return try fold(affine, into: before, value, node)
    default: return false
    }
  }

  /// Folds the affine of a sum into its terms: a shift into one of them, factors into both.
  private mutating func fold(
    _ affine: ChannelAffine, into sum: Node, _ value: Int, _ node: Node
  ) throws(InvalidGraph) -> Bool {
    var terms = sum.inputs
    let isFoldable = terms.map { isUsedOnce($0) && nodes[$0]?.isConvolution == true }
    if affine.isShiftOnly {
      guard let place = isFoldable.lastIndex(of: true) else { return false }
      terms[place] = try add(affine.layer, [terms[place]], names: node.names)
    } else {
      guard isFoldable == [true, true], terms[0] != terms[1] else { return false }
      terms[0] = try add(affine.withoutShift.layer, [terms[0]], names: node.names)
      terms[1] = try add(affine.layer, [terms[1]], names: [])
    }
    return try put(.add, terms, sum.names, inPlaceOf: value)
  }

  /// Folds an affine into the convolutions behind it.
  private mutating func foldForward(
    _ affine: ChannelAffine, _ value: Int, _ node: Node
  ) throws(InvalidGraph) -> Bool {
    let users = Set(users(of: value))
    guard value != output, !users.isEmpty else { return false }
    let isFoldable = users.allSatisfy { user in
      guard case .convolution(let it) = nodes[user]?.layer else { return false }
      return affine.isScaleOnly || it.kernel == 1
    }
    guard isFoldable else { return false }
    for user in users.sorted() {
      guard let reader = nodes[user], case .convolution(let it) = reader.layer else { continue }
      _ = try put(
        .convolution(it.preceded(by: affine)), node.inputs, node.names + reader.names,
        inPlaceOf: user)
    }
    return true
  }

  /// Replaces the node of a value by a new one; always true.
  mutating func put(
    _ layer: Layer, _ inputs: [Int], _ names: [String], inPlaceOf value: Int
  ) throws(InvalidGraph) -> Bool {
    let new = try add(layer, inputs, names: names)
    replace(value, by: new)
    return true
  }
}

extension Rewriting.Node {
  /// The affine it is; also of a 1x1 convolution of three channels that only scales and shifts, as which
  /// EDSR and RCAN write their mean shifts.
  var affine: ChannelAffine? {
    switch layer {
    case .affine(let scale, let shift): return ChannelAffine(scale, shift)
    case .convolution(let it):
      guard it.kernel == 1, it.inputs == 3, it.outputs == 3, it.groups == 1, it.stride == 1,
        it.pruning == nil
      else { return nil }
      let weights = it.weights.values
      guard weights.indices.allSatisfy({ $0 % 4 == 0 || weights[$0] == 0 }) else { return nil }
      return ChannelAffine(
        scale: [weights[0], weights[4], weights[8]], shift: it.bias?.values ?? [0, 0, 0])
    default: return nil
    }
  }

  var isConvolution: Bool {
    if case .convolution = layer { true } else { false }
  }
}
