internal import Workloads

/// A schedule that cannot be: its name does not parse, or it does not fit a workload or a device. One
/// sentence that names the constraint.
public struct InvalidSchedule: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ sentence: String) { description = sentence }
}

/// The name of a schedule: algorithm, tile as width x height x channels, work-group, where input and
/// weights come from (`w:subgroup8`: eight invocations pass them around), and what is not usual: `u` input texels a turn, accumulation in 16 bits.
/// For example `direct/4x2x16/wg8x4/in:texel/w:uniform`.
extension Schedule: CustomStringConvertible {
  public var description: String {
    var parts = [algorithm.rawValue]
    if algorithm.isConvolution {
      let channels = tileBlocks * ActivationLayout.channelsPerTexel
      parts.append("\(tileWidth)x\(tileHeight)x\(channels)")
    }
    parts.append("wg\(groupWidth)x\(groupHeight)")
    parts.append("in:\(input.rawValue)")
    if algorithm.isConvolution {
      parts.append("w:\(weights.rawValue)" + (weights == .subgroup ? "\(subgroupLanes)" : ""))
    }
    if unroll != 1 { parts.append("u\(unroll)") }
    if accumulator != .float32 { parts.append("acc:\(accumulator.rawValue)") }
    return parts.joined(separator: "/")
  }

  /// Reads what ``description`` writes; parts behind the algorithm may come in any order, and those
  /// with a usual value may be absent (`wg8x4`, `in:storage`, `w:storage`).
  public init(parsing name: String) throws(InvalidSchedule) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let word = parts.first ?? ""
    guard let algorithm = Algorithm(rawValue: word) else {
      let words = Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw InvalidSchedule("schedule '\(name)': '\(word)' is no algorithm; there are \(words)")
    }
    self.init(algorithm: algorithm, groupWidth: 8, groupHeight: 4)
    if algorithm == .coded { weights = .code }
    var seen: Set<String> = []
    for part in parts.dropFirst() {
      let kind = try read(part, of: name)
      guard seen.insert(kind).inserted else {
        throw InvalidSchedule("schedule '\(name)' has \(kind) twice")
      }
    }
    if algorithm.isConvolution, !seen.contains("a tile") {
      throw InvalidSchedule(
        "schedule '\(name)' lacks its tile, width x height x channels, as in 4x2x16")
    }
  }

  /// Takes one part over, and returns what it is.
  private mutating func read(_ part: String, of name: String) throws(InvalidSchedule) -> String {
    func numbers(_ text: Substring, _ count: Int) -> [Int]? {
      let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
      let valid = numbers.compactMap { $0 }.filter { 1...4096 ~= $0 }
      return numbers.count == count && valid.count == count ? valid : nil
    }
    func value<Word: RawRepresentable & CaseIterable>(
      _ text: Substring, _ what: String
    ) throws(InvalidSchedule) -> Word where Word.RawValue == String {
      if let value = Word(rawValue: String(text)) { return value }
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw InvalidSchedule("schedule '\(name)': '\(text)' is no \(what); there are \(words)")
    }
    if part.hasPrefix("in:") {
      input = try value(part.dropFirst(3), "place of inputs")
      return "a place of inputs"
    }
    if part.hasPrefix("w:"), algorithm.isConvolution {
      let word = part.dropFirst(2)
      if word.hasPrefix("subgroup"), let lanes = numbers(word.dropFirst(8), 1) {
        (weights, subgroupLanes) = (.subgroup, lanes[0])
      } else {
        weights = try value(word, "place of weights")
      }
      return "a place of weights"
    }
    if part.hasPrefix("acc:") {
      accumulator = try value(part.dropFirst(4), "type of sums")
      return "a type of sums"
    }
    if part.hasPrefix("wg"), let sides = numbers(part.dropFirst(2), 2) {
      (groupWidth, groupHeight) = (sides[0], sides[1])
      return "a work-group"
    }
    if part.hasPrefix("u"), let count = numbers(part.dropFirst(), 1) {
      unroll = count[0]
      return "a number of texels a turn"
    }
    if algorithm.isConvolution, let tile = numbers(part[...], 3) {
      guard tile[2] % ActivationLayout.channelsPerTexel == 0 else {
        throw InvalidSchedule(
          "schedule '\(name)': a tile has whole texels of 4 channels, not \(tile[2]) channels")
      }
      (tileWidth, tileHeight) = (tile[0], tile[1])
      tileBlocks = tile[2] / ActivationLayout.channelsPerTexel
      return "a tile"
    }
    throw InvalidSchedule(
      "schedule '\(name)': '\(part)' is no part of a name like "
        + "direct/4x2x16/wg8x4/in:texel/w:uniform")
  }
}
