/// What those who read a table must know of the back end that it was measured by.
public struct BackendTraits: Hashable, Sendable, Codable {
  /// Channels that lie side by side and are padded together.
  public var channelBlock: Int
  /// Whether a SplitSR block is one workload: slice, convolution, and concat of what passes.
  public var fusesSplitBlocks: Bool
  /// Algorithms, the first words of schedules' names, that leave pruned weights out; others multiply by zeros.
  /// Sorted.
  public var skipsPruned: [String]

  public init(channelBlock: Int, fusesSplitBlocks: Bool, skipsPruned: [String]) {
    self.channelBlock = channelBlock
    self.fusesSplitBlocks = fusesSplitBlocks
    self.skipsPruned = skipsPruned.sorted()
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      channelBlock: try container.decode(Int.self, forKey: .channelBlock),
      fusesSplitBlocks: try container.decode(Bool.self, forKey: .fusesSplitBlocks),
      skipsPruned: try container.decode([String].self, forKey: .skipsPruned))
  }

  /// Whether a schedule leaves pruned weights out.
  public func skipsPruned(by schedule: String) -> Bool {
    let algorithm = schedule.prefix { $0 != "/" }
    return skipsPruned.contains { $0 == algorithm }
  }

  /// More than any layout has; sizes rounded up to it are numbers still.
  private static let largestBlock = 1024

  /// Throws what makes these facts impossible.
  func validate() throws(TableError.Problem) {
    guard 1...Self.largestBlock ~= channelBlock else {
      throw .wrongType("channelBlock", "\(channelBlock), not 1 to \(Self.largestBlock)")
    }
  }
}

extension BackendTraits {
  /// Those of a table before 1.6.0, which does not say them.
  init(before160 device: DeviceDescription, _ method: Method) {
    let isProcessor = device.engine != nil
    // Such as 4 in `N,C/4,H,W,4`, 1 in `N,H,W,C`.
    let blocks = method.activationLayout.split(separator: ",").compactMap {
      $0.hasPrefix("C/") ? Int($0.dropFirst(2)) : nil
    }
    self.init(
      channelBlock: min(max(1, blocks.first ?? 1), Self.largestBlock),
      fusesSplitBlocks: !isProcessor,
      skipsPruned: isProcessor ? ["nchw"] : ["branched", "coded", "listed"])
  }
}
