public import Files
public import Networks

/// A candidate with trained weights, of which groups are to be pruned: the third stage of Zhan et al., ICCV 2021, which
/// finds each layer's rate.
///
/// Norms are told in shares of their layer's mean, so that one threshold serves all layers.
public struct PrunableNetwork: Sendable {
  /// The rule by which groups are left.
  public enum Choice: Hashable, Sendable {
    /// Groups whose norm over their layer's mean is above this.
    case threshold(Double)
    /// The groups of largest norm, as many in each layer as one rate leaves.
    case rate(Double)
  }

  /// No layer is pruned more than this: tables know no more.
  public static let largestRate = 32.0

  public let candidate: Candidate
  private let weights: Safetensors
  /// Layers of each cell without pruning.
  private let layers: [[PrunableLayer]]
  /// Depthwise convolutions behind layers, by the layers' names.
  private let depthwise: [String: Depthwise]
  /// Mean norm of the groups of each layer that has a scheme, by the layer's name.
  private let means: [String: Double]

  /// - Parameter weights: Those of the dense candidate, as an evaluator exports them.
  /// - Throws: A layer that has no scheme anywhere, or that the weights lack.
  public init(_ candidate: Candidate, weights: Safetensors) throws(InvalidNetwork) {
    self.candidate = candidate
    self.weights = weights
    var layers: [[PrunableLayer]] = []
    var depthwise: [String: Depthwise] = [:]
    var means: [String: Double] = [:]
    for (index, cell) in candidate.cells.enumerated() {
      layers.append([])
      for place in cell.layers.indices {
        let layer = try Self.layer(cell, index, place, candidate.channels, weights)
        layers[index].append(layer)
        if cell.block.hasDepthwise(after: place) {
          depthwise[Self.name(index, place)] = try Self.depthwise(
            index, place, channels: layer.outputs, weights)
        }
        let norms = layer.norms
        guard !norms.isEmpty else { continue }
        means[Self.name(index, place)] = norms.reduce(0, +) / Double(norms.count)
      }
    }
    guard !means.isEmpty else {
      throw InvalidNetwork("no layer has a scheme, so there is nothing to prune")
    }
    self.layers = layers
    self.depthwise = depthwise
    self.means = means
  }

  static func name(_ cell: Int, _ layer: Int) -> String { "cell\(cell).conv\(layer)" }

  /// A layer of the dense candidate.
  private static func layer(
    _ cell: Candidate.Cell, _ index: Int, _ place: Int, _ channels: Int, _ weights: Safetensors
  ) throws(InvalidNetwork) -> PrunableLayer {
    let kernel = cell.block.kernels[place]
    let name = "\(name(index, place)).weight"
    let layer = cell.block.shapes(channels: channels, widths: cell.middle)[place]
    let shape = [layer.outputs, layer.inputs, kernel, kernel]
    guard let entry = weights.entries[name], let values = weights[name] else {
      throw InvalidNetwork("the weights have no tensor '\(name)'")
    }
    guard entry.shape == shape else {
      throw InvalidNetwork(
        "the weights have '\(name)' of the shape \(entry.shape), not \(shape) as the dense candidate"
      )
    }
    return PrunableLayer(
      scheme: cell.layers[place].scheme, outputs: shape[0], inputs: shape[1], kernel: kernel,
      weights: values)
  }

  /// A depthwise convolution of 3x3 kernels.
  private struct Depthwise {
    let name: String
    let weights: [Float]
    let bias: [Float]
  }

  /// The depthwise convolution behind a layer.
  private static func depthwise(
    _ cell: Int, _ layer: Int, channels: Int, _ weights: Safetensors
  ) throws(InvalidNetwork) -> Depthwise {
    let name = "cell\(cell).depthwise\(layer)"
    guard let entry = weights.entries["\(name).weight"], let values = weights["\(name).weight"],
      entry.shape == [channels, 1, 3, 3]
    else {
      throw InvalidNetwork(
        "the weights have no tensor '\(name).weight' of the shape \([channels, 1, 3, 3])")
    }
    guard let bias = weights["\(name).bias"], bias.count == channels else {
      throw InvalidNetwork("the weights have no tensor '\(name).bias' of \(channels)")
    }
    return Depthwise(name: name, weights: values, bias: bias)
  }

  /// Norms of all groups over the mean of their layer, in ascending order: what thresholds can tell apart.
  public var shares: [Double] {
    var shares: [Double] = []
    for (index, cell) in layers.enumerated() {
      for (place, layer) in cell.enumerated() {
        guard let mean = means[Self.name(index, place)], mean > 0 else { continue }
        shares += layer.norms.map { $0 / mean }
      }
    }
    return shares.sorted()
  }

  /// The candidate without what a choice prunes. Every layer keeps a group at least.
  public func pruned(by choice: Choice) throws(InvalidNetwork) -> PrunedNetwork {
    var result = candidate
    var tensors: [String: Safetensors.Values] = [:]
    var masks: [String: Safetensors.Values] = [:]
    for name in weights.entries.keys where !name.hasPrefix("cell") {
      tensors[name] = weights.entries[name].flatMap { entry in
        weights[name].flatMap { Safetensors.Values(shape: entry.shape, $0) }
      }
    }
    var shares: [PrunedNetwork.Share] = []
    for (index, cell) in candidate.cells.enumerated() {
      // Channels that the layer before has left; all of them at first.
      var channels: [Int]?
      for place in cell.layers.indices {
        let name = Self.name(index, place)
        var layer = layers[index][place]
        if let left = channels { layer = layer.reading(left) }
        channels = nil
        guard var bias = weights["\(name).bias"], bias.count == layer.outputs else {
          throw InvalidNetwork("the weights have no tensor '\(name).bias' of \(layer.outputs)")
        }
        if let mean = means[name] {
          let kept = layer.kept(by: choice, mean: mean)
          result.cells[index].layers[place].rate = layer.rate(keeping: kept)
          if layer.scheme == .filter {
            let filters = kept.indices.filter { kept[$0] }
            layer = layer.computing(filters)
            bias = filters.map { bias[$0] }
            channels = filters
            shares.append(
              .init(layer: name, scheme: .filter, kept: filters.count, total: kept.count))
          } else {
            let mask = layer.mask(keeping: kept)
            layer = layer.masked(by: mask)
            masks["\(name).weight"] = Safetensors.Values(shape: layer.shape, bytes: mask)
            shares.append(
              .init(
                layer: name, scheme: layer.scheme, kept: mask.count { $0 == 1 }, total: mask.count))
          }
        }
        tensors["\(name).weight"] = Safetensors.Values(shape: layer.shape, layer.weights)
        tensors["\(name).bias"] = Safetensors.Values(shape: [bias.count], bias)
        guard let depthwise = depthwise[name] else { continue }
        let left = channels ?? Array(depthwise.bias.indices)
        tensors["\(depthwise.name).weight"] = Safetensors.Values(
          shape: [left.count, 1, 3, 3],
          left.flatMap { depthwise.weights[9 * $0..<9 * $0 + 9] })
        tensors["\(depthwise.name).bias"] = Safetensors.Values(
          shape: [left.count], left.map { depthwise.bias[$0] })
      }
    }
    return PrunedNetwork(
      candidate: result, weights: Safetensors(tensors), masks: Safetensors(masks), shares: shares)
  }
}

/// A candidate whose layers each have a rate of their own.
public struct PrunedNetwork: Sendable {
  /// How much of a layer is left.
  public struct Share: Hashable, Sendable {
    /// As the graph calls it.
    public let layer: String
    public let scheme: PruningScheme
    /// Weights that are left, or filters where these are pruned.
    public let kept: Int
    public let total: Int
  }

  public let candidate: Candidate
  /// The weights that are left: pruned ones are zeros, pruned filters are not there.
  public let weights: Safetensors
  /// 1 where a weight stays, by the weights' names; none for layers whose filters are pruned.
  public let masks: Safetensors
  /// Of layers that have a scheme, in their order.
  public let shares: [Share]
}

extension PrunableLayer {
  var shape: [Int] { [outputs, inputs, kernel, kernel] }

  /// Which groups a choice leaves: one at least, of equal ones the first.
  fileprivate func kept(by choice: PrunableNetwork.Choice, mean: Double) -> [Bool] {
    let norms = norms
    switch choice {
    case .threshold(let threshold):
      let kept = norms.map { $0 > threshold * mean }
      let fewest = (Double(norms.count) / PrunableNetwork.largestRate).rounded(.up)
      if Double(kept.count { $0 }) >= fewest { return kept }
      return self.kept(by: .rate(PrunableNetwork.largestRate), mean: mean)
    case .rate(let rate):
      let sizes = groupSizes
      let target = Double(sizes.reduce(0, +)) / rate
      var kept = [Bool](repeating: false, count: norms.count)
      var left = 0.0
      for group in norms.indices.sorted(by: { (-norms[$0], $0) < (-norms[$1], $1) }) {
        guard left == 0 || left + Double(sizes[group]) / 2 <= target else { break }
        kept[group] = true
        left += Double(sizes[group])
      }
      return kept
    }
  }

  /// The layer behind one of which some channels are left.
  fileprivate func reading(_ channels: [Int]) -> PrunableLayer {
    let taps = kernel * kernel
    let rest = (0..<outputs).flatMap { filter in
      channels.flatMap { channel in
        let start = (filter * inputs + channel) * taps
        return weights[start..<start + taps]
      }
    }
    return PrunableLayer(
      scheme: scheme, outputs: outputs, inputs: channels.count, kernel: kernel, weights: rest)
  }

  /// The layer with some of its filters.
  fileprivate func computing(_ filters: [Int]) -> PrunableLayer {
    let size = inputs * kernel * kernel
    return PrunableLayer(
      scheme: scheme, outputs: filters.count, inputs: inputs, kernel: kernel,
      weights: filters.flatMap { weights[$0 * size..<($0 + 1) * size] })
  }

  fileprivate func masked(by mask: [UInt8]) -> PrunableLayer {
    PrunableLayer(
      scheme: scheme, outputs: outputs, inputs: inputs, kernel: kernel,
      weights: zip(weights, mask).map { $1 == 1 ? $0 : 0 })
  }
}
