internal import Store
public import Tables

/// Which chain lengths a workload is timed with, from how long one dispatch takes.
public struct ChainPlan: Hashable, Sendable {
  /// Lengths, rising; each at least 1.
  public let lengths: [Int]

  /// How long submissions should and may be on a kind of device.
  public struct Budget: Hashable, Sendable {
    /// The longest chain aims at this.
    public var targetNanoseconds: Double
    /// No chain is longer than this unless a single dispatch is.
    public var limitNanoseconds: Double
    /// A submission that takes longer is given up, and the device with it.
    public var watchdogNanoseconds: Double

    /// On a GPU, chains of 40, 80 and 160 ms: long enough that its clock rises (short work leaves
    /// a phone's governor at its lowest), short enough that no system kills them (some phones kill
    /// what takes 2 s). A GPU with a card of its own gets a quarter of that: on an NVIDIA H200, chains of
    /// 10 and of 100 ms differ by less than 0.5 %. On a driver that runs on the processor, chains just long
    /// enough to rise far above its submission (some 0.02 ms), since a short chain is more often
    /// undisturbed: other users of its cores come in bursts of 0.1 s.
    public static func standard(for kind: DeviceDescription.Kind) -> Budget {
      switch kind {
      case .cpu:
        Budget(targetNanoseconds: 8e6, limitNanoseconds: 20e9, watchdogNanoseconds: 120e9)
      case .discreteGPU:
        Budget(targetNanoseconds: 40e6, limitNanoseconds: 500e6, watchdogNanoseconds: 10e9)
      case .integratedGPU, .virtualGPU, .other:
        Budget(targetNanoseconds: 160e6, limitNanoseconds: 500e6, watchdogNanoseconds: 10e9)
      }
    }
  }

  /// The lengths that samples of an earlier run were taken with, so that later ones can be put beside
  /// them; `nil` without samples.
  init?(lengthsOf samples: [Sample]) {
    lengths = Set(samples.map(\.chainLength)).sorted()
    if lengths.isEmpty { return nil }
  }

  /// Longest chain that is recorded, however short its dispatches.
  public static let longest = Bounds.chainLength.upperBound

  /// Three lengths in the ratio 1 : 2 : 4 where they fit, two for dispatches far above the target,
  /// one for a dispatch so long that two exceed the limit.
  public init(dispatchNanoseconds: Double, budget: Budget) {
    let dispatch = max(dispatchNanoseconds, 1)
    let unit = max(1, min(Int(budget.targetNanoseconds / 4 / dispatch), Self.longest / 4))
    if dispatch > budget.targetNanoseconds * 2 || 4 * dispatch > budget.limitNanoseconds {
      lengths = 2 * dispatch > budget.limitNanoseconds ? [1] : [1, 2]
    } else {
      lengths = [unit, 2 * unit, 4 * unit]
    }
  }
}
