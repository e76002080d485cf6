internal import Statistics
internal import Workloads

/// Adds layers with seeded weights to a graph.
///
/// Weights are spread evenly around zero with He's variance (He et al., ICCV 2015), so that numbers
/// stay of order one through any depth; of the weights that pruning leaves, where there is one.
struct GraphBuilder {
  /// What a convolution's result goes through.
  enum Activation {
    case none, relu, prelu, tanh
    case clip(Float, Float)

    static let unitClip = Activation.clip(0, 1)
    static let relu6 = Activation.clip(0, 6)
  }

  private(set) var graph: Graph
  /// Stands before the names of layers.
  var prefix = ""
  private var seeds: SplitMix64
  private var names: Set<String> = []

  init(name: String, channels: Int, size: ImageSize, seed: UInt64) {
    graph = Graph(
      name: name,
      input: MapShape(channels: channels, height: size.height, width: size.width))
    seeds = SplitMix64(state: seed)
  }

  /// What comes in.
  var input: Graph.Value { graph.input }

  func channels(_ map: Graph.Value) -> Int { graph[map].channels }

  /// Adds a layer under a name that no other has.
  @discardableResult
  mutating func add(
    _ layer: Layer, _ inputs: Graph.Value..., name: String
  ) throws(InvalidGraph) -> Graph.Value {
    let wanted = prefix + name
    var unique = wanted
    var count = 1
    while !names.insert(unique).inserted {
      count += 1
      unique = "\(wanted).\(count)"
    }
    return try graph.append(layer, of: inputs, name: unique)
  }

  // MARK: Convolutions

  /// A convolution of `map` with weights of its own, and an activation.
  ///
  /// - Parameter gain: A factor on the weights: below one where the result is added to something.
  mutating func conv(
    _ map: Graph.Value, _ kernel: Int, to outputs: Int, _ name: String, groups: Int = 1,
    then activation: Activation = .none, gain: Double = 1, pruning: Pruning? = nil
  ) throws(InvalidGraph) -> Graph.Value {
    let layer = try convolution(
      kernel, from: channels(map), to: outputs, name, groups: groups, then: activation,
      gain: gain, pruning: pruning)
    return try conv(map, layer, name, then: activation)
  }

  /// A convolution of `map` by a layer that others may share.
  mutating func conv(
    _ map: Graph.Value, _ layer: ConvolutionLayer, _ name: String,
    then activation: Activation = .none
  ) throws(InvalidGraph) -> Graph.Value {
    let result = try add(.convolution(layer), map, name: name)
    return try activate(result, activation, name)
  }

  /// A convolution that is no part of the graph yet; `activation` will follow it.
  mutating func convolution(
    _ kernel: Int, from inputs: Int, to outputs: Int, _ name: String, groups: Int = 1,
    then activation: Activation = .none, gain: Double = 1, pruning: Pruning? = nil
  ) throws(InvalidGraph) -> ConvolutionLayer {
    guard inputs % groups == 0, outputs % groups == 0 else {
      throw InvalidGraph(
        node: prefix + name, description: "\(groups) groups do not divide \(inputs) -> \(outputs)")
    }
    let terms = inputs / groups * kernel * kernel
    var layer = ConvolutionLayer(
      kernel: kernel, inputs: inputs, outputs: outputs, groups: groups, weights: Parameters([]),
      bias: spread(outputs, within: 0.02), pruning: pruning)
    let kept: Int
    do throws(InvalidWorkload) { kept = try layer.convolution().keptWeights } catch {
      throw InvalidGraph(node: prefix + name, description: error.description)
    }
    layer.weights = heWeights(
      outputs * terms, terms: Double(kept) / Double(outputs), activation, gain)
    return layer
  }

  /// The transpose of a convolution of stride `stride`, that many times larger.
  mutating func deconv(
    _ map: Graph.Value, _ kernel: Int, to outputs: Int, stride: Int, _ name: String
  ) throws(InvalidGraph) -> Graph.Value {
    let inputs = channels(map)
    let terms = Double(inputs * kernel * kernel) / Double(stride * stride)
    let layer = TransposedConvolutionLayer(
      kernel: kernel, inputs: inputs, outputs: outputs, stride: stride, padding: kernel / 2,
      weights: heWeights(inputs * outputs * kernel * kernel, terms: terms, .none, 1),
      bias: spread(outputs, within: 0.02))
    return try add(.transposedConvolution(layer), map, name: name)
  }

  /// Each channel convolved on its own with a 3x3 kernel.
  mutating func depthwise(
    _ map: Graph.Value, _ name: String, then activation: Activation = .none
  ) throws(InvalidGraph) -> Graph.Value {
    let channels = channels(map)
    return try conv(map, 3, to: channels, name, groups: channels, then: activation)
  }

  // MARK: Other layers

  mutating func activate(
    _ map: Graph.Value, _ activation: Activation, _ name: String
  ) throws(InvalidGraph) -> Graph.Value {
    switch activation {
    case .none: return map
    case .relu: return try add(.activation(.relu), map, name: name + ".relu")
    case .tanh: return try add(.activation(.tanh), map, name: name + ".tanh")
    case .clip(let minimum, let maximum):
      let clip = Nonlinearity.clip(minimum: minimum, maximum: maximum)
      return try add(.activation(clip), map, name: name + ".clip")
    case .prelu:
      let slopes = spread(channels(map), within: 0.05, around: 0.25)
      return try add(.activation(.prelu(slopes: slopes)), map, name: name + ".prelu")
    }
  }

  mutating func sum(
    _ first: Graph.Value, _ second: Graph.Value, _ name: String = "add"
  ) throws(InvalidGraph) -> Graph.Value {
    try add(.add, first, second, name: name)
  }

  mutating func concat(
    _ first: Graph.Value, _ second: Graph.Value, _ name: String = "concat"
  ) throws(InvalidGraph) -> Graph.Value {
    try add(.concat, first, second, name: name)
  }

  mutating func slice(
    _ map: Graph.Value, _ channels: Range<Int>, _ name: String
  ) throws(InvalidGraph) -> Graph.Value {
    try add(.slice(first: channels.lowerBound, count: channels.count), map, name: name)
  }

  mutating func shuffle(
    _ map: Graph.Value, _ factor: Int, _ name: String = "shuffle"
  ) throws(InvalidGraph) -> Graph.Value {
    try add(.pixelShuffle(factor: factor), map, name: name)
  }

  /// Every channel `count` times, one behind the other: behind a pixel shuffle that is the map
  /// enlarged to nearest neighbours.
  mutating func repeated(
    _ map: Graph.Value, _ count: Int, _ name: String = "repeat"
  ) throws(InvalidGraph) -> Graph.Value {
    let channels = (0..<channels(map) * count).map { $0 / count }
    return try add(.select(channels), map, name: name)
  }

  // MARK: Parts that several families have

  /// Subtracts the mean of the training images, or adds it back. Images are in [0, 1].
  mutating func meanShift(
    _ map: Graph.Value, _ mean: [Float], subtract: Bool
  ) throws(InvalidGraph) -> Graph.Value {
    let shift = Parameters(mean.map { subtract ? -$0 : $0 })
    let scale = Parameters(repeating: 1, count: mean.count)
    return try add(
      .affine(scale: scale, shift: shift), map, name: subtract ? "mean.sub" : "mean.add")
  }

  /// The mean of the DIV2K training images, as EDSR, RCAN and CARN subtract it.
  static let div2kMean: [Float] = [0.4488, 0.4371, 0.4040]

  /// EDSR's upsampler: a convolution and a pixel shuffle by 2 or 3; for 4 two of them by 2.
  mutating func upsample(
    _ map: Graph.Value, by scale: Int, groups: Int = 1, then activation: Activation = .none
  ) throws(InvalidGraph) -> Graph.Value {
    var map = map
    for (index, factor) in upsamplingFactors(scale).enumerated() {
      map = try conv(
        map, 3, to: channels(map) * factor * factor, "up\(index)", groups: groups,
        then: activation)
      map = try shuffle(map, factor, "up\(index).shuffle")
    }
    return map
  }

  // MARK: Numbers

  private mutating func heWeights(
    _ count: Int, terms: Double, _ activation: Activation, _ gain: Double
  ) -> Parameters {
    let isLinear = if case .none = activation { true } else { false }
    let variance = (isLinear ? 1 : 2) / max(terms, 1)
    return spread(count, within: Float(gain * (3 * variance).squareRoot()))
  }

  /// Numbers from `centre - width` to `centre + width`, from a seed of their own.
  private mutating func spread(
    _ count: Int, within width: Float, around centre: Float = 0
  ) -> Parameters {
    let seed = seeds.next()
    return Parameters(count: count) {
      var numbers = SplitMix64(state: seed)
      return (0..<count).map { _ in
        centre + width * (Float(numbers.next() >> 40) * 0x1p-23 - 1)
      }
    }
  }
}

/// By what an enlargement goes step by step.
func upsamplingFactors(_ scale: Int) -> [Int] {
  scale == 4 ? [2, 2] : [scale]
}
