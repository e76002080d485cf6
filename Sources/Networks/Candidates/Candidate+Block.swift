extension Candidate {
  /// The kinds of cells.
  ///
  /// Dense convolutions of a block are its layers, `conv0`, `conv1` and so on, which can be pruned; a depthwise
  /// convolution behind one has the same number: `depthwise0`. All but the first two are lightweight blocks, as the
  /// zoo's families `block-…` have them.
  public enum Block: String, Hashable, Sendable, CaseIterable {
    case wdsrA = "wdsr-a"
    case wdsrB = "wdsr-b"
    /// MobileNetV2: conv1x1, depthwise3x3, conv1x1, add.
    case invertedResidual = "inverted-residual"
    /// GhostNet: two conv1x1 to half the channels, each with a depthwise3x3 for the other half, add.
    case ghost
    /// ShuffleNetV2: conv1x1, depthwise3x3, conv1x1 of half the channels, channel shuffle.
    case shuffle
    /// An inverted residual without its sum, of the last half of the channels.
    case idle
    /// SplitSR: conv3x3 of the first quarter of the channels, which then move behind the others.
    case splitSR = "splitsr"

    /// The blocks of Zhan et al., ICCV 2021.
    public static let wdsr: [Self] = [.wdsrA, .wdsrB]

    /// Sides of the kernels of its layers.
    public var kernels: [Int] {
      switch self {
      case .wdsrA: [3, 3]
      case .wdsrB: [1, 1, 3]
      case .invertedResidual, .ghost, .shuffle, .idle: [1, 1]
      case .splitSR: [3]
      }
    }

    /// The usual width before the activation, over the channels that it convolves.
    public var expansion: Int {
      switch self {
      case .wdsrA: 4
      case .wdsrB, .invertedResidual, .idle: 6
      case .ghost: 2
      case .shuffle, .splitSR: 1
      }
    }

    /// Channels that are convolved, of those between cells.
    public func active(of channels: Int) -> Int {
      switch self {
      case .wdsrA, .wdsrB, .invertedResidual, .ghost: channels
      case .shuffle, .idle: max(1, channels / 2)
      case .splitSR: max(1, Int((Double(channels) / 4).rounded()))
      }
    }

    /// Channels behind each layer but the last; `nil` is the block's usual expansion. A shuffle block has no
    /// expansion but its own.
    public func middle(
      channels: Int, expansion: Int? = nil, linear: Double = 0.8
    ) -> [Int] {
      let wide = active(of: channels) * (expansion ?? self.expansion)
      return switch self {
      case .wdsrA, .invertedResidual, .ghost, .idle: [wide]
      case .wdsrB: [wide, max(1, Int(linear * Double(channels)))]
      case .shuffle: [active(of: channels)]
      case .splitSR: []
      }
    }

    /// Channels into and out of each layer.
    ///
    /// - Parameter widths: Channels behind each layer but the last, as ``middle(channels:expansion:linear:)``.
    public func shapes(channels: Int, widths: [Int]) -> [(inputs: Int, outputs: Int)] {
      let ends = active(of: channels)
      // A ghost module's convolution makes half of what lies behind it.
      let share = self == .ghost ? 2 : 1
      return zip([ends] + widths, widths + [ends]).map { (inputs: $0, outputs: $1 / share) }
    }

    /// Whether a cell costs the same whatever is beside it. Where channels are parted, joined or permuted, copies
    /// depend on the neighbours.
    public var isIndependent: Bool {
      switch self {
      case .wdsrA, .wdsrB, .invertedResidual: true
      case .ghost, .shuffle, .idle, .splitSR: false
      }
    }

    /// Whether a depthwise convolution follows a layer.
    public func hasDepthwise(after layer: Int) -> Bool {
      switch self {
      case .wdsrA, .wdsrB, .splitSR: false
      case .invertedResidual, .shuffle, .idle: layer == 0
      case .ghost: true
      }
    }

    /// Whether a layer may have a scheme. Patterns are for 3x3 kernels. Filters of a last layer are channels between
    /// cells, and those of a ghost module have depthwise partners; neither can be pruned.
    public func canTake(_ scheme: PruningScheme, layer: Int) -> Bool {
      switch scheme {
      case .none, .blockPunched, .unstructured: true
      case .pattern: kernels[layer] == 3
      case .filter: layer < kernels.count - 1 && self != .ghost
      }
    }
  }
}
