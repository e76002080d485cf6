public import Workloads

/// How a workload is executed. Two schedules of one workload give the same answer in different times.
public struct Schedule: Hashable, Sendable {
  public enum Algorithm: String, Hashable, Sendable {
    /// Each invocation sums a tile of pixels by a tile of output channels.
    case direct
    /// Each invocation sums a tile of pixels of four channels.
    case depthwise
    /// Each invocation writes one texel.
    case pointwise
    /// Each work-group reduces one plane in shared memory.
    case reduction
  }

  /// Where a kernel finds an operand.
  public enum Placement: String, Hashable, Sendable {
    case storageBuffer = "storage"
    case uniformBuffer = "uniform"
    case texelBuffer = "texel"
  }

  public var algorithm: Algorithm
  /// Pixels of one invocation along the width.
  public var tileWidth = 1
  /// Pixels of one invocation along the height.
  public var tileHeight = 1
  /// Output texels (four channels each) of one invocation.
  public var tileBlocks = 1
  /// Invocations of a work-group along the width.
  public var groupWidth: Int
  /// Invocations of a work-group along the height.
  public var groupHeight: Int
  /// Where the first activation lies.
  public var input = Placement.storageBuffer
  /// Where the weights of a convolution lie.
  public var weights = Placement.storageBuffer

  /// The schedule chosen by rule, without measuring: the largest tile that wastes little, inputs
  /// through a texel buffer and weights in a uniform buffer where they fit.
  public static func standard(for workload: Workload, limits: DeviceLimits) -> Schedule {
    switch workload.operation {
    case .convolution(let it):
      let blocks = storedBlocks(it)
      let tileBlocks = it.isDepthwise ? 1 : cheapestTile(blocks: blocks)
      var schedule = Schedule(
        algorithm: it.isDepthwise ? .depthwise : .direct,
        tileWidth: it.stride == 1 && workload.width >= 4 ? 4 : 2,
        tileHeight: workload.height >= 2 ? 2 : 1, tileBlocks: tileBlocks,
        groupWidth: 8, groupHeight: 4)
      let input = ActivationLayout(
        MapShape(channels: it.inputs, height: workload.height, width: workload.width))
      if input.texelCount <= limits.maxTexelBufferElements { schedule.input = .texelBuffer }
      let weightTexels = weightTexelCount(it, tileBlocks: tileBlocks)
      if weightTexels * 16 <= limits.maxUniformBufferRange {
        schedule.weights = .uniformBuffer
      } else if weightTexels <= limits.maxTexelBufferElements {
        schedule.weights = .texelBuffer
      }
      return schedule
    case .add, .pixelShuffle, .concat, .channelScale:
      return Schedule(algorithm: .pointwise, groupWidth: 16, groupHeight: 4)
    case .globalAveragePool:
      return Schedule(algorithm: .reduction, groupWidth: 64, groupHeight: 1)
    }
  }

  /// Output texels a convolution computes for each pixel. A pixel-shuffle store gets whole texels
  /// for each of its `shuffle^2` places.
  static func storedBlocks(_ it: Convolution) -> Int {
    let places = it.shuffle * it.shuffle
    return ActivationLayout.blocks(it.outputs / places) * places
  }

  /// Texels of packed weights, padded to whole tiles.
  static func weightTexelCount(_ it: Convolution, tileBlocks: Int) -> Int {
    let taps = it.kernel * it.kernel
    if it.isDepthwise { return ActivationLayout.blocks(it.outputs) * taps }
    let tiles = (storedBlocks(it) + tileBlocks - 1) / tileBlocks
    return tiles * tileBlocks * ActivationLayout.blocks(it.inputs) * taps * 4
  }

  /// The tile of one to four texels with the least work: each tile loads its inputs anew, which
  /// costs about half a texel of outputs, and a ragged last tile computes what nobody stores.
  private static func cheapestTile(blocks: Int) -> Int {
    func cost(_ tile: Int) -> Double { (Double(tile) + 0.5) * Double((blocks + tile - 1) / tile) }
    return (1...4).min { (cost($0), -$0) < (cost($1), -$1) } ?? 1
  }
}

extension Schedule: CustomStringConvertible {
  /// Complete: algorithm, tile as width x height x channels, work-group, placements.
  /// For example `direct/4x2x16/wg8x4/in:texel/w:uniform`.
  public var description: String {
    let group = "wg\(groupWidth)x\(groupHeight)"
    switch algorithm {
    case .direct, .depthwise:
      let tile = "\(tileWidth)x\(tileHeight)x\(tileBlocks * ActivationLayout.channelsPerTexel)"
      return "\(algorithm.rawValue)/\(tile)/\(group)/in:\(input.rawValue)/w:\(weights.rawValue)"
    case .pointwise, .reduction: return "\(algorithm.rawValue)/\(group)"
    }
  }
}
