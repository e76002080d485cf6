package import Tables

/// Failures so far of a row, a candidate, a network or the warm-up, and whether another try is worth it.
package struct Setbacks {
  /// Failures in a row, nothing gained between, after which whatever ran is taken for the cause.
  private let mostInARow: Int
  /// Tries after failures of other kinds, altogether; a kind that is not here will fail again.
  private let tries: [Failure.Kind: Int]
  private var counts: [Failure.Kind: Int] = [:]
  private var inARow = 0

  /// Failures that pass by themselves, of which there may be many where something is gained between them.
  private static let most = 64
  /// Lost connections in a row, which are no fault of what ran, as long as the device comes back.
  private static let mostLinksInARow = 16

  private init(mostInARow: Int, tries: [Failure.Kind: Int]) {
    self.mostInARow = mostInARow
    self.tries = tries
  }

  /// Of a row that is measured in visits.
  static let row = Setbacks(mostInARow: 8, tries: [.implausibleTime: 2, .timedOut: 1])
  /// Of a candidate in a race.
  static let candidate = Setbacks(mostInARow: 3, tries: [.implausibleTime: 1])
  /// Of a network that is measured in visits.
  package static let network = Setbacks(mostInARow: 8, tries: [:])
  /// Of the launch, the reference kernel and the ramp before rows are measured.
  static let warmUp = Setbacks(
    mostInARow: 16, tries: [.implausibleTime: 2, .wrongOutput: 2, .timedOut: 1])

  /// Counts a failure. False if another try is not worth it.
  package mutating func allowAnotherTry(after failure: Failure) -> Bool {
    counts[failure.kind, default: 0] += 1
    let count = counts[failure.kind, default: 0]
    guard failure.mayPass else { return count <= tries[failure.kind] ?? 0 }
    inARow += 1
    let mostInARow = failure.kind == .linkLost ? Self.mostLinksInARow : mostInARow
    return inARow < mostInARow && count <= Self.most
  }

  /// Something was gained since the last failure.
  package mutating func gain() {
    inARow = 0
  }
}

extension Failure {
  /// Whether the same may go well the next time: a lost device opens again, memory is freed by others, and
  /// drivers have bad moments.
  package var mayPass: Bool {
    [.deviceLost, .crashed, .linkLost, .outOfMemory, .driver].contains(kind)
  }
}
