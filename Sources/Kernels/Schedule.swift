public import Workloads

/// How a workload is executed. Two schedules of one workload give the same answer, up to rounding, in
/// different times.
public struct Schedule: Hashable, Sendable {
  /// The way to the result.
  public enum Algorithm: String, Hashable, Sendable, CaseIterable {
    /// Each invocation sums a tile of pixels by a tile of output channels.
    case direct
    /// The same for 1x1 convolutions, several input texels a turn.
    case pointwise
    /// Winograd's F(2, 3) for 3x3 convolutions: 2.25 times fewer multiplications.
    case winograd2
    /// Winograd's F(4, 3) for 3x3 convolutions: 4 times fewer multiplications.
    case winograd4
    /// Implicit matrix product: a work-group shares inputs and weights through shared memory.
    case gemm
    /// Each invocation sums a tile of pixels of four channels.
    case depthwise
    /// Pruned: a list of the places that are kept anywhere in a tile of output channels.
    case listed
    /// Pattern-pruned: a branch to the code of each kernel's pattern.
    case branched
    /// The weights that are kept are written into the code, one instruction for each and pixel.
    case coded
    /// Each invocation writes one texel, or those that come from one texel.
    case elementwise
    /// Each work-group reduces one plane in shared memory.
    case reduction
  }

  /// Where a kernel finds its input.
  public enum Placement: String, Hashable, Sendable, CaseIterable {
    case storageBuffer = "storage"
    case uniformBuffer = "uniform"
    case texelBuffer = "texel"
    /// A sampled image over the memory of the buffer, in rows of ``imageWidth`` texels: through the
    /// texture units, as a texel buffer, but with room for maps of any size.
    case image
  }

  /// Texels in a row of an image over a buffer: the widest that every device allows, so that its rows lie
  /// in memory without gaps.
  public static let imageWidth = 4096

  /// How invocations get at the weights of a convolution.
  public enum WeightPath: String, Hashable, Sendable, CaseIterable {
    case storageBuffer = "storage"
    case uniformBuffer = "uniform"
    case texelBuffer = "texel"
    /// From a texel buffer, copied to shared memory by the work-group.
    case sharedMemory = "shared"
    /// From a texel buffer, each invocation of a subgroup loading some and passing them around.
    case subgroup
    /// Constants in the code.
    case code
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
  /// Where the activations that are read lie.
  public var input = Placement.storageBuffer
  /// How the weights of a convolution are read.
  public var weights = WeightPath.storageBuffer
  /// Invocations that pass weights around among them, with ``WeightPath/subgroup``: a subgroup, or a
  /// part of one.
  public var subgroupLanes = 8
  /// Input texels in each turn of the loop; only ``Algorithm/pointwise`` has more than one.
  public var unroll = 1
  /// The type of sums and products; wider than the stored one or the same.
  public var accumulator = ElementType.float32
}

extension Schedule.Algorithm {
  /// Whether an invocation has a tile of pixels and channels, and weights.
  var isConvolution: Bool { self != .elementwise && self != .reduction }

  /// Whether invocations along x and y cover pixels along the width and height, independently of each
  /// other.
  var coversPixels: Bool { self != .gemm && self != .reduction }

  /// Whether channels may pass beside the convolution.
  var copiesPassing: Bool {
    switch self {
    case .direct, .pointwise, .winograd2, .winograd4: true
    default: false
    }
  }

  /// Whether pruned weights are left out; others multiply by zeros.
  public var skipsPruned: Bool { self == .listed || self == .branched || self == .coded }

  /// Whether it needs fewer multiply-accumulates than the workload has.
  public var savesMultiplications: Bool { winogradOutputs != nil }

  /// Outputs of a tile along one side, for Winograd's algorithms.
  var winogradOutputs: Int? {
    switch self {
    case .winograd2: 2
    case .winograd4: 4
    default: nil
    }
  }
}

extension Convolution {
  /// Output texels computed for each pixel. A pixel-shuffle store gets whole texels for each of its
  /// `shuffle^2` places.
  var storedBlocks: Int {
    let places = shuffle * shuffle
    return ActivationLayout.blocks(outputs / places) * places
  }

  /// Input texels that one output texel reads.
  var inputBlocks: Int { ActivationLayout.blocks(inputsPerGroup) }

  /// Texels of passing channels.
  var passingBlocks: Int { ActivationLayout.blocks(passing) }

  /// Output texels that read the same inputs: a tile lies among them. Each group has as many.
  var blocksPerGroup: Int { isDepthwise ? storedBlocks : storedBlocks / groups }
}
