public import Networks
public import Prediction
public import Tables
internal import Workloads

/// Latency of all networks of a space of independent blocks (`Candidate.Block.isIndependent`), prepared once, to be
/// looked up layer by layer. A pruned filter changes the shapes of its own layer and of the next: both are predicted
/// as what they become.
///
/// Other blocks part and join channels, and how that is executed depends on the cells beside them:
/// ``WholeNetworkLatency`` is for them.
public struct WDSRLatency: PointLatency {
  private let space: WDSRSpace
  private let model: LatencyModel
  /// Head, tail and skip, by channels.
  private let fixed: [Int]
  /// Parts of the model by channels, rate, block, layer, whether the layer before has pruned filters, and
  /// scheme; -1 where the layer cannot take it.
  private let parts: [Int32]
  /// Nanoseconds of each, infinite for -1.
  private let nanoseconds: [Double]
  private let strides: (channels: Int, rate: Int, block: Int, layer: Int, filtered: Int)

  private static let schemeCount = PruningScheme.allCases.count
  private static let filter = UInt8(PruningScheme.allCases.firstIndex(of: .filter) ?? 0)

  /// Predicts every layer that there may be, some hundred for each number of channels and each rate.
  public init(
    _ space: WDSRSpace, table: LatencyTable, predictor: LatencyPredictor
  ) throws(InvalidNetwork) {
    self.space = space
    let filtered = Self.schemeCount
    let layer = 2 * filtered
    let block = WDSRSpace.layersPerCell * layer
    let rate = Candidate.Block.allCases.count * block
    strides = (space.rates.count * rate, rate, block, layer, filtered)
    var lists: [[Workload]] = []
    var known: [[Workload]: Int] = [:]
    func part(_ workloads: [Workload]) -> Int {
      if let index = known[workloads] { return index }
      known[workloads] = lists.count
      lists.append(workloads)
      return lists.count - 1
    }
    var fixed: [Int] = []
    var parts = [Int32](repeating: -1, count: space.channels.count * strides.channels)
    for (channelsIndex, channels) in space.channels.enumerated() {
      for block in space.blocks {
        let blockIndex = Int(WDSRSpace.number(of: block))
        for (rateIndex, rate) in space.rates.enumerated() {
          for layer in block.kernels.indices {
            for filtered in layer == 0 ? 0...0 : 0...1 {
              for scheme in space.schemes(block, layer: layer) {
                var layers = block.kernels.map { _ in Candidate.Layer(.none) }
                layers[layer] = space.layer(PruningScheme.allCases[Int(scheme)], rate: rate)
                if filtered == 1 { layers[layer - 1] = space.layer(.filter, rate: rate) }
                let candidate = Candidate(
                  scale: space.scale, input: space.output.divided(by: space.scale),
                  channels: channels,
                  cells: [space.cell(block, channels: channels, layers: layers)])
                // A rate that a layer cannot take is none of its rates.
                guard let graph = try? candidate.graph() else { continue }
                let network: LoweredNetwork
                do throws(InvalidGraph) { network = try table.lowering(of: graph) } catch {
                  throw InvalidNetwork(error.description)
                }
                func workloads(_ isIncluded: (LoweredNetwork.Step) -> Bool) -> [Workload] {
                  network.steps.filter(isIncluded).map(\.workload)
                }
                let index =
                  channelsIndex * strides.channels + rateIndex * strides.rate
                  + blockIndex * strides.block + layer * strides.layer
                  + filtered * strides.filtered + Int(scheme)
                let last = block.kernels.count - 1
                parts[index] = Int32(part(workloads { $0.cellLayer(last: last) == layer }))
                if fixed.count == channelsIndex {
                  fixed.append(part(workloads { $0.cellLayer(last: last) == nil }))
                }
              }
            }
          }
        }
      }
    }
    model = LatencyModel(parts: lists, predictor: predictor)
    self.fixed = fixed
    self.parts = parts
    nanoseconds = parts.map { [model] in
      $0 < 0 ? .infinity : model.nanoseconds(ofPart: Int($0))
    }
  }

  public func nanoseconds(_ point: Point, rate: Int) -> Double {
    var sum =
      model.submissionNanoseconds + model.nanoseconds(ofPart: fixed[Int(point.choices[0])])
    forEachEntry(point, rate: rate) { sum += nanoseconds[$0] }
    return sum
  }

  /// Nanoseconds of one cell of a point: what a mutation of that cell changes.
  public func nanoseconds(_ point: Point, rate: Int, cell: Int) -> Double {
    var sum = 0.0
    forEachEntry(of: cell, point, rate: rate) { sum += nanoseconds[$0] }
    return sum
  }

  public func upperHalfWidth(_ point: Point, rate: Int) -> Double {
    var list = [fixed[Int(point.choices[0])]]
    forEachEntry(point, rate: rate) { if parts[$0] >= 0 { list.append(Int(parts[$0])) } }
    return model.upperHalfWidth(list)
  }

  private func forEachEntry(_ point: Point, rate: Int, _ body: (Int) -> Void) {
    for cell in 0..<space.cellCount(point) {
      forEachEntry(of: cell, point, rate: rate, body)
    }
  }

  private func forEachEntry(
    of cell: Int, _ point: Point, rate: Int, _ body: (Int) -> Void
  ) {
    let start = WDSRSpace.start(ofCell: cell)
    let block = Int(point.choices[start])
    var entry =
      Int(point.choices[0]) * strides.channels + rate * strides.rate + block * strides.block
    var filtered = 0
    for layer in 0..<Self.layerCounts[block] {
      let scheme = point.choices[start + 1 + layer]
      body(entry + filtered * strides.filtered + Int(scheme))
      filtered = scheme == Self.filter ? 1 : 0
      entry += strides.layer
    }
  }

  private static let layerCounts = Candidate.Block.allCases.map(\.kernels.count)
}

extension LoweredNetwork.Step {
  /// The layer of cell 0 whose latency the step is part of: that of its convolution, and the last layer for depthwise
  /// convolutions, whose width depends on the filters before. `nil` outside the cell.
  fileprivate func cellLayer(last: Int) -> Int? {
    guard nodes.contains(where: { $0.hasPrefix("cell0.") }) else { return nil }
    return (0...last).first { nodes.contains("cell0.conv\($0)") } ?? last
  }
}
