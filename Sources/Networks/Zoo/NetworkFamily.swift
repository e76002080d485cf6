/// Networks of one design, told apart by the values of some keys.
public struct NetworkFamily: Sendable {
  /// What may be chosen.
  public struct Key: Sendable {
    public let name: String
    /// The value where none is given.
    public let fallback: String
    /// What it may be, as the end of a sentence.
    public let values: String
    /// All of them, where they are few.
    public let choices: [String]
    /// One sentence.
    public let meaning: String
    /// A text that means the same in its shortest form; `nil` for what the key cannot be.
    let canonical: @Sendable (String) -> String?
  }

  public let name: String
  /// One sentence.
  public let summary: String
  /// Keys of this family.
  public let ownKeys: [Key]
  /// Keys that all networks have, or all blocks.
  public let commonKeys: [Key]
  /// Whether it is a block on its own, between maps of equally many channels, and no network.
  public let isBlock: Bool
  /// How many times larger the image is that goes out.
  let scale: @Sendable (Settings) -> Int
  /// Channels of what comes in.
  let channels: @Sendable (Settings) -> Int
  /// Adds the layers to a graph that has none.
  let build: Build

  /// All keys.
  public var keys: [Key] { ownKeys + commonKeys }

  typealias Build = @Sendable (inout GraphBuilder, Settings) throws(InvalidGraph) -> Void

  /// A network from an image to one that is `scale` times larger.
  init(
    _ name: String, _ summary: String, scale: Setting<Int>, colors: Setting<Int>? = nil,
    keys: [Key], build: @escaping Build
  ) {
    self.name = name
    self.summary = summary
    ownKeys = keys + [colors?.key, scale.key].compactMap(\.self)
    commonKeys = [Self.output.key, Self.input.key, Self.seed.key]
    isBlock = false
    self.scale = { $0[scale] }
    self.channels = { settings in colors.map { settings[$0] } ?? 3 }
    self.build = build
  }

  /// A block, or some of them one after the other.
  init(
    block name: String, _ summary: String, channels: Setting<Int>, keys: [Key] = [],
    build:
      @escaping @Sendable (
        inout GraphBuilder, Graph.Value, Settings
      ) throws(InvalidGraph) -> Graph.Value
  ) {
    self.name = name
    self.summary = summary
    ownKeys = [channels.key] + keys
    commonKeys = [Self.count.key, Self.map.key, Self.seed.key]
    isBlock = true
    scale = { _ in 1 }
    self.channels = { $0[channels] }
    self.build = { net, settings throws(InvalidGraph) in
      var map = net.input
      for index in 0..<settings[Self.count] {
        net.prefix = "block\(index)."
        map = try build(&net, map, settings)
      }
    }
  }

  /// For networks that enlarge by pixel shuffle or deconvolution.
  static let scale = Setting<Int>.whole(
    "scale", 2, of: [2, 3, 4], "How many times larger the image gets.")
  static let output = Setting<ImageSize>.size(
    "output", .standard,
    "Size of the image that goes out; the one that comes in is that over scale, rounded.")
  static let input = Setting<ImageSize?>.optionalSize(
    "input", "Size of the image that comes in, in place of output.")
  static let seed = Setting<Int>.whole("seed", 1, 0...Int(UInt32.max), "Seed of the weights.")
  private static let map = Setting<ImageSize>.size(
    "input", ImageSize(width: 320, height: 180), "Size of the map.")
  private static let count = Setting<Int>.whole(
    "count", 1, 1...64, "Blocks one after the other.")

  /// The size of the image that comes in.
  func inputSize(_ settings: Settings) -> ImageSize {
    if isBlock { return settings[Self.map] }
    return settings[Self.input] ?? settings[Self.output].divided(by: scale(settings))
  }

  /// The most that the key `blocks` may be; 0 for a family without it.
  public var mostBlocks: Int {
    guard let key = keys.first(where: { $0.name == "blocks" }) else { return 0 }
    return (1...1024).last { key.canonical("\($0)") != nil } ?? 0
  }

  /// All families: networks first, then blocks.
  public static let all: [NetworkFamily] = [
    wdsrA, wdsrB, splitSR, splitSRBlock, edsr, rcan, carnM, srcnn, fsrcnn, espcn, xlsr, abpn,
    ecbsr, sesr, quickSRNet, feqe, blockSplitSR, blockShuffle, blockInvertedResidual, blockIdle,
    blockGhost, blockDepthwiseSeparable,
  ]
}
