/// Which weights of a convolution are pruned: zero, and left out by kernels that can.
///
/// Latency depends on the mask and not only on its ratio, so a sparsity stands for one mask: drawn
/// from a seed, or given. Pruned filters and channels are no sparsity: they leave a smaller dense
/// convolution.
public struct Sparsity: Hashable, Sendable {
  /// What is kept or pruned together.
  public enum Scheme: Hashable, Sendable {
    /// Every kept 3x3 kernel keeps the weights of one pattern of a library; other kernels are pruned
    /// as a whole (connectivity pruning). Source: PatDNN (Niu et al., ASPLOS 2020).
    case pattern(PatternLibrary)
    /// All kernels of a block of filters by input channels keep the same positions. Blocks at the
    /// edges are smaller where the sizes do not divide. Source: YOLObile (Cai et al., AAAI 2021).
    case blockPunched(filters: Int, channels: Int)
    /// Any weight.
    case unstructured

    /// Blocks of 8 filters by 4 channels, YOLObile's; cut to fit a smaller layer, which other blocks
    /// are not.
    public static let blockPunched = Scheme.blockPunched(filters: 8, channels: 4)

    /// The word used in names, profiles and JSON.
    public var word: String {
      switch self {
      case .pattern: "pattern"
      case .blockPunched: "blockPunched"
      case .unstructured: "unstructured"
      }
    }
  }

  /// Where the mask comes from.
  public enum Source: Hashable, Sendable {
    /// Drawn by this seed, as ``WeightMask/init(_:kept:seed:of:)`` says.
    case seed(UInt32)
    /// Made elsewhere.
    case given(GivenMask)
  }

  public var scheme: Scheme
  /// Weights that are kept.
  public var kept: Int
  /// Weights of the dense convolution.
  public var total: Int
  public var source: Source

  /// Describes a sparsity; ``Workload/init(_:height:width:elementType:)`` says whether it is valid,
  /// and takes one that keeps everything for none.
  public init(_ scheme: Scheme, kept: Int, total: Int, source: Source = .seed(1)) {
    self.scheme = scheme
    self.kept = kept
    self.total = total
    self.source = source
  }
}
