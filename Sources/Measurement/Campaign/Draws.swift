internal import Statistics
internal import Workloads

/// Random numbers that all parts of a campaign draw from in turn, so that its seed decides them all.
final class Draws: RandomNumberGenerator {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(state: seed)
  }

  func next() -> UInt64 { random.next() }

  /// The same elements in another order.
  func shuffled<Elements: Sequence>(_ elements: Elements) -> [Elements.Element] {
    elements.shuffled(using: &random)
  }
}
