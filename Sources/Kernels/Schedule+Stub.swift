public import Workloads

// Temporary: dropped when the catalogue of schedules lands.

/// Why a text is no schedule, or a schedule does not fit; one sentence.
public struct InvalidSchedule: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

extension Schedule {
  /// How many schedules of a workload are worth a race.
  public enum Effort: String, Hashable, Sendable, CaseIterable {
    case quick, full
  }

  public func cut(to workload: Workload) -> Schedule {
    guard case .convolution(let it) = workload.operation else { return self }
    var copy = self
    copy.tileBlocks = min(tileBlocks, Self.storedBlocks(it))
    return copy
  }

  public static func candidates(
    for workload: Workload, limits: DeviceLimits, effort: Effort
  ) -> [Schedule] {
    let standard = standard(for: workload, limits: limits)
    guard standard.algorithm == .direct else { return [standard] }
    var list = [standard]
    for (width, height) in [(4, 2), (4, 1), (2, 2), (8, 1)] {
      for blocks in effort == .full ? [1, 2, 3, 4] : [2, 4] {
        for weights in [Placement.uniformBuffer, .texelBuffer] {
          var it = standard
          (it.tileWidth, it.tileHeight, it.tileBlocks, it.weights) = (
            width, height, blocks, weights
          )
          if (try? it.requireFit(workload, limits: limits)) != nil, !list.contains(it) {
            list.append(it)
          }
        }
      }
    }
    return list
  }

  public init(parsing name: String) throws(InvalidSchedule) {
    let parts = name.split(separator: "/").map(String.init)
    guard let algorithm = parts.first.flatMap(Algorithm.init(rawValue:)) else {
      throw InvalidSchedule("schedule '\(name)' has no algorithm")
    }
    func numbers(_ text: Substring) -> [Int] { text.split(separator: "x").compactMap { Int($0) } }
    self.init(algorithm: algorithm, groupWidth: 0, groupHeight: 0)
    for part in parts.dropFirst() {
      if part.hasPrefix("wg"), case let n = numbers(part.dropFirst(2)), n.count == 2 {
        (groupWidth, groupHeight) = (n[0], n[1])
      } else if part.hasPrefix("in:"), let it = Placement(rawValue: String(part.dropFirst(3))) {
        input = it
      } else if part.hasPrefix("w:"), let it = Placement(rawValue: String(part.dropFirst(2))) {
        weights = it
      } else if case let n = numbers(part[...]), n.count == 3 {
        (tileWidth, tileHeight, tileBlocks) = (n[0], n[1], n[2] / 4)
      } else {
        throw InvalidSchedule("schedule '\(name)' has the part '\(part)', which is none")
      }
    }
    guard groupWidth > 0, groupHeight > 0 else {
      throw InvalidSchedule("schedule '\(name)' has no work-group, such as wg8x4")
    }
  }

  public func requireFit(_ workload: Workload, limits: DeviceLimits) throws(InvalidSchedule) {
    let standard = Self.standard(for: workload, limits: limits)
    guard standard.algorithm == algorithm else {
      throw InvalidSchedule(
        "\(self) does not fit \(workload): the algorithm is for another operator")
    }
    guard case .convolution(let it) = workload.operation, !it.isDepthwise else { return }
    let texels = Self.weightTexelCount(it, tileBlocks: tileBlocks)
    if weights == .uniformBuffer, texels * 16 > limits.maxUniformBufferRange {
      throw InvalidSchedule(
        "\(self) does not fit \(workload): its weights of \(texels * 16) bytes are above "
          + "maxUniformBufferRange, \(limits.maxUniformBufferRange)")
    }
  }
}
