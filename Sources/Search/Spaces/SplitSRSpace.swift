public import Networks

/// SplitSR by its four hyper-parameters (Liu et al., IMWUT 2021). A point has the places of split ratio, hybrid
/// index, mode and location in their lists.
public struct SplitSRSpace: Hashable, Sendable {
  /// How many times larger the image gets; 2 to 4.
  public let scale: Int
  /// Size of the image that goes out.
  public let output: ImageSize
  public let groups: Int
  /// Blocks in a group.
  public let blocks: Int
  public let channels: Int
  /// Parts of the channels that split blocks convolve.
  public let ratios: [Double]
  /// Groups of split blocks.
  public let hybrids: [Int]
  public let modes: [String]
  public let locations: [String]
  /// The points that differ in their networks, in the order of location, ratio, hybrid index and mode.
  public let points: [Point]
  private let canonical: [Point: Point]

  /// - Throws: What is empty or cannot be, with its name.
  public init(
    scale: Int, output: ImageSize = .standard, groups: Int = 6, blocks: Int = 6,
    channels: Int = 64, ratios: [Double] = [0.125, 0.25, 0.5, 1], hybrids: [Int]? = nil,
    modes: [String] = ["front", "back"],
    locations: [String] = ["features", "upsampler", "both"]
  ) throws(InvalidNetwork) {
    self.scale = scale
    self.output = output
    self.groups = groups
    self.blocks = blocks
    self.channels = channels
    self.ratios = ratios
    self.hybrids = hybrids ?? Array(0...max(groups, 0))
    self.modes = modes
    self.locations = locations
    for (name, count) in [
      ("ratios", ratios.count), ("hybrid indices", self.hybrids.count), ("modes", modes.count),
      ("locations", locations.count),
    ] where !(1...256 ~= count) {
      throw InvalidNetwork("the search space has \(count) \(name), not 1 to 256")
    }
    var points: [Point] = []
    var first: [Network: Point] = [:]
    var canonical: [Point: Point] = [:]
    for location in locations.indices {
      for ratio in ratios.indices {
        for hybrid in self.hybrids.indices {
          for mode in modes.indices {
            let point = Point([ratio, hybrid, mode, location].map { UInt8($0) })
            let network = Network(
              ratio: ratios[ratio], hybrid: min(self.hybrids[hybrid], groups), mode: modes[mode],
              location: locations[location], groups: groups)
            if first[network] == nil {
              first[network] = point
              points.append(point)
            }
            canonical[point] = first[network]
          }
        }
      }
    }
    self.points = points
    self.canonical = canonical
    // Words and numbers that are none are found here.
    for point in canonical.keys { _ = try description(point) }
  }

  /// The point with an equal network that stands for it; `nil` for a point of another space.
  public func canonical(_ point: Point) -> Point? { canonical[point] }

  /// The network of a point of this space.
  public func description(_ point: Point) throws(InvalidNetwork) -> NetworkDescription {
    let ratio = ratios[Int(point.choices[0])]
    let hybrid = hybrids[Int(point.choices[1])]
    let mode = modes[Int(point.choices[2])]
    let location = locations[Int(point.choices[3])]
    return try NetworkDescription(
      parsing: "splitsr:groups=\(groups),blocks=\(blocks),channels=\(channels),alpha=\(ratio),"
        + "hybrid=\(hybrid),mode=\(mode),location=\(location),scale=\(scale),output=\(output)")
  }

  /// How many values each choice has.
  var counts: [Int] { [ratios.count, hybrids.count, modes.count, locations.count] }

  /// The choices that tell networks apart: those that have no effect are `nil`.
  private struct Network: Hashable {
    var ratio: Double?
    var hybrid: Int
    var mode: String?
    var splitsUpsampler: Bool

    init(ratio: Double, hybrid: Int, mode: String, location: String, groups: Int) {
      self.hybrid = location == "upsampler" ? 0 : hybrid
      // A split block of all channels is a convolution, which an upsampler has anyway.
      splitsUpsampler = location != "features" && ratio < 1
      self.ratio = self.hybrid > 0 || splitsUpsampler ? ratio : nil
      self.mode = self.hybrid > 0 && self.hybrid < groups ? mode : nil
    }
  }
}
