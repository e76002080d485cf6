internal import Workloads

/// How often an invocation goes round its loops: some drivers end them after a number of turns, without a
/// word.
extension KernelPlan {
  /// Turns of all loops of one invocation together, at most. Loops of a few turns that every compiler
  /// unrolls do not count.
  ///
  /// - Parameter list: The places of a pruned convolution by lists.
  static func turns(
    _ it: Convolution, _ schedule: Schedule, list: PlaceList? = nil
  ) -> Int {
    let invocations = schedule.groupWidth * schedule.groupHeight
    let tile = schedule.tileBlocks * 4
    // A loop that tests first is entered once more.
    func shared(_ texels: Int) -> Int { texels.dividedUp(by: invocations) + 1 }
    func fetched(_ texels: Int) -> Int { schedule.weights == .sharedMemory ? shared(texels) : 0 }
    switch schedule.algorithm {
    case .direct: return it.inputBlocks * (1 + it.kernel * (1 + fetched(it.kernel * tile)))
    case .pointwise:
      return it.inputBlocks.dividedUp(by: schedule.unroll) * (1 + fetched(schedule.unroll * tile))
    case .winograd2, .winograd4:
      let side = (schedule.algorithm.winogradOutputs ?? 2) + 2
      return it.inputBlocks * (1 + schedule.tileBlocks * side * fetched(side * 4))
    case .gemm:
      let weights = schedule.groupHeight * it.kernel * tile
      return it.inputBlocks
        * (1 + it.kernel * (1 + shared(gemmSpan(it, schedule)) + shared(weights)))
    case .depthwise: return it.kernel
    case .listed: return (list?.ranges.map(\.count).max() ?? 0) * (1 + fetched(tile))
    case .branched: return it.inputBlocks
    case .coded, .elementwise, .reduction: return 0
    }
  }

  /// Turns of an invocation that sums its share of a plane, and then of the work-group's sums.
  static func poolingTurns(pixels: Int, groupWidth: Int) -> Int {
    pixels.dividedUp(by: groupWidth) + 1 + groupWidth.bitWidth - groupWidth.leadingZeroBitCount
  }

  /// Texels of a row of inputs that a work-group of gemm shares.
  static func gemmSpan(_ it: Convolution, _ schedule: Schedule) -> Int {
    (schedule.groupWidth * schedule.tileWidth - 1) * it.stride + it.kernel
  }
}
