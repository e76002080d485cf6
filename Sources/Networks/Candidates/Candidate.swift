internal import Workloads

/// A member of the search space of compiler-aware super-resolution search (Zhan et al., ICCV 2021):
/// WDSR whose cells each have a block of their own, and whose layers in cells each have a pruning
/// scheme and rate of their own. Head, tail, global skip and depthwise convolutions are dense.
public struct Candidate: Hashable, Sendable {
  /// How many times larger the image gets; 2 to 4.
  public var scale: Int
  /// The image that comes in.
  public var input: ImageSize
  /// Channels between cells, the same everywhere.
  public var channels: Int
  public var cells: [Cell]
  /// Seed of the weights.
  public var seed: UInt32

  /// Describes a candidate; ``validate()`` says whether there is such a network.
  public init(
    scale: Int, input: ImageSize, channels: Int, cells: [Cell], seed: UInt32 = 1
  ) {
    self.scale = scale
    self.input = input
    self.channels = channels
    self.cells = cells
    self.seed = seed
  }

  /// One block.
  public struct Cell: Hashable, Sendable {
    public var block: Block
    /// Channels behind each layer but the last, before filters are pruned.
    public var middle: [Int]
    /// How each layer is pruned.
    public var layers: [Layer]

    /// Describes a cell; without `layers`, none is pruned.
    public init(_ block: Block, middle: [Int], layers: [Layer]? = nil) {
      self.block = block
      self.middle = middle
      self.layers = layers ?? block.kernels.map { _ in Layer(.none) }
    }

    /// Channels into and out of each layer of a cell among others, when filters are pruned.
    public func shapes(channels: Int) -> [(inputs: Int, outputs: Int)] {
      block.shapes(channels: channels, widths: widths)
    }

    /// Channels behind each layer but the last that are left when filters are pruned.
    public var widths: [Int] {
      zip(middle, layers).map { width, layer in
        layer.scheme == .filter ? Int((Double(width) / layer.rate).rounded()) : width
      }
    }
  }

  /// How one layer is pruned.
  public struct Layer: Hashable, Sendable {
    public var scheme: PruningScheme
    /// All weights over kept ones; all kernels over kept ones for patterns, all filters for filters.
    public var rate: Double

    public init(_ scheme: PruningScheme, rate: Double = 1) {
      self.scheme = scheme
      self.rate = rate
    }
  }
}

/// What is pruned together.
public enum PruningScheme: String, Hashable, Sendable, CaseIterable {
  case none
  /// Four weights of each 3x3 kernel that is kept, by PatDNN's eight patterns.
  case pattern
  /// The same positions in blocks of 8 filters by 4 channels.
  case blockPunched = "block-punched"
  /// Any weights.
  case unstructured
  /// Whole filters, which leaves a smaller layer.
  case filter
}

extension Candidate.Layer {
  /// What a convolution is pruned by; none for filters, which are not there.
  var pruning: Pruning? {
    switch scheme {
    case .none, .filter: nil
    case .pattern: Pruning(.pattern(.default), rate: rate)
    case .blockPunched: Pruning(.blockPunched, rate: rate)
    case .unstructured: Pruning(.unstructured, rate: rate)
    }
  }
}
