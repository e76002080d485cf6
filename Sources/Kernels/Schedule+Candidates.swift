public import Workloads

extension Schedule {
  /// How many schedules are tried for a workload.
  public enum Effort: String, Hashable, Sendable, CaseIterable {
    /// Some, chosen by experience.
    case quick
    /// The whole space.
    case full
  }

  /// Every name that candidates are made from, in order: another list races anew.
  public static var catalogue: [String] { ScheduleCatalogue.all }

  /// Schedules of a workload that fit a device, each once: ``standard(for:limits:)`` first, then the most
  /// promising; where registers are few, those that find enough come before the others. Empty for a workload that
  /// no kernel of the catalogue can execute there; the standard schedule then says why by
  /// ``requireFit(_:limits:)``.
  public static func candidates(
    for workload: Workload, limits: DeviceLimits, effort: Effort
  ) -> [Schedule] {
    var names = promising(for: workload, limits)
    if effort == .full { names += ScheduleCatalogue.space.flatMap(\.names) }
    var seen: Set<Schedule> = []
    return ordered(names, for: workload, limits)
      .compactMap { $0.fitting(workload, limits) }
      .filter { seen.insert($0).inserted }
  }

  /// Schedules of which the standard one is chosen where the device's compiler says what it makes of them:
  /// ``standard(for:limits:)`` first, then some of few registers.
  public static func heads(for workload: Workload, limits: DeviceLimits) -> [Schedule] {
    var heads: [Schedule] = []
    func take(_ count: Int, of names: [String]) {
      let most = heads.count + count
      for schedule in ordered(names, for: workload, limits) where heads.count < most {
        // Sums in 16 bits are another choice.
        guard schedule.accumulator == .float32, let head = schedule.fitting(workload, limits),
          !heads.contains(head)
        else { continue }
        heads.append(head)
      }
    }
    take(1, of: promising(for: workload, limits))
    take(3, of: ScheduleCatalogue.sparing(for: workload))
    return heads
  }

  /// The schedule chosen by rule, without measuring or compiling: the first of the most promising that fits.
  public static func standard(for workload: Workload, limits: DeviceLimits) -> Schedule {
    let schedules = ordered(promising(for: workload, limits), for: workload, limits)
    for schedule in schedules {
      if let fitting = schedule.fitting(workload, limits) { return fitting }
    }
    return schedules.first ?? Schedule(algorithm: .elementwise, groupWidth: 16, groupHeight: 4)
  }

  /// Names worth trying on a device.
  private static func promising(for workload: Workload, _ limits: DeviceLimits) -> [String] {
    (limits.hasFewRegisters ? ScheduleCatalogue.sparing(for: workload) : [])
      + ScheduleCatalogue.promising(for: workload)
  }

  /// The schedules of names, suited to a workload and a device, whether they fit or not.
  private static func ordered(
    _ names: [String], for workload: Workload, _ limits: DeviceLimits
  ) -> [Schedule] {
    let schedules = names.compactMap { try? Schedule(parsing: $0) }
      .flatMap { $0.variants(for: workload, limits) }
      .map { $0.adapted(to: workload, limits: limits) }
    return limits.registers < .max ? schedules.sparing(limits.registers, for: workload) : schedules
  }

  /// This schedule if it fits, or else the same with weights or inputs where there is more room.
  private func fitting(_ workload: Workload, _ limits: DeviceLimits) -> Schedule? {
    fallbacks.first { schedule in
      do throws(InvalidSchedule) {
        try schedule.requireFit(workload, limits: limits)
        return true
      } catch {
        return false
      }
    }
  }

  private var fallbacks: [Schedule] {
    let inputs: [Placement] =
      input == .texelBuffer ? [.texelBuffer, .image, .storageBuffer] : [input, .storageBuffer]
    let paths: [WeightPath] =
      weights == .uniformBuffer ? [.uniformBuffer, .texelBuffer, .storageBuffer] : [weights]
    return inputs.flatMap { input in paths.map { with(input: input, weights: $0) } }
  }

  private func with(input: Placement, weights: WeightPath) -> Schedule {
    var copy = self
    (copy.input, copy.weights) = (input, weights)
    return copy
  }

  /// A float16 workload may be summed in either type.
  private func variants(for workload: Workload, _ limits: DeviceLimits) -> [Schedule] {
    guard workload.elementType == .float16, limits.shaderFloat16, algorithm != .reduction else {
      return [self]
    }
    var half = self
    half.accumulator = .float16
    return [self, half]
  }

  /// The same schedule with sizes that suit a workload and a device, which it need not fit even then:
  /// its tile is cut to the workload, weights are passed around whole subgroups, and large planes are shared
  /// by more invocations.
  public func adapted(to workload: Workload, limits: DeviceLimits) -> Schedule {
    cut(to: workload).spread(over: limits).widened(for: workload, limits)
  }

  /// The schedule of the catalogue that this one was cut from to suit a workload, so that it can be cut to
  /// another, larger one; itself if there is none.
  public func uncut(from workload: Workload, limits: DeviceLimits) -> Schedule {
    let names =
      ScheduleCatalogue.promising(for: workload) + ScheduleCatalogue.sparing(for: workload)
    for name in names {
      guard var schedule = try? Schedule(parsing: name) else { continue }
      schedule.accumulator = accumulator
      let cut = schedule.adapted(to: workload, limits: limits)
      if cut.fallbacks.contains(self) { return schedule }
    }
    return self
  }

  /// The schedule with weights passed around whole subgroups, but not more than 32 invocations, and
  /// with a work-group that holds a subgroup.
  private func spread(over limits: DeviceLimits) -> Schedule {
    guard weights == .subgroup else { return self }
    var copy = self
    copy.subgroupLanes = max(1, min(32, limits.maxSubgroupLanes))
    while copy.groupWidth * copy.groupHeight < limits.subgroupSize { copy.groupHeight *= 2 }
    return copy
  }

  /// The schedule with a work-group wide enough that no invocation of a reduction takes too many turns.
  private func widened(for workload: Workload, _ limits: DeviceLimits) -> Schedule {
    guard algorithm == .reduction else { return self }
    let pixels = workload.width * workload.height
    var copy = self
    while KernelPlan.poolingTurns(pixels: pixels, groupWidth: copy.groupWidth) > Self.mostTurns,
      limits.allows(groupWidth: copy.groupWidth * 2, height: copy.groupHeight)
    {
      copy.groupWidth *= 2
    }
    return copy
  }

  /// The schedule with its tile cut to the workload: not larger than the map, turned where more of it then
  /// fits, and of as many channels as waste least; the number of input texels a turn cut to one that divides them.
  private func cut(to workload: Workload) -> Schedule {
    guard case .convolution(let it) = workload.operation, algorithm.isConvolution else {
      return self
    }
    var copy = self
    copy.tileBlocks = algorithm == .depthwise ? 1 : Self.cheapestTile(upTo: tileBlocks, of: it)
    while it.inputBlocks % copy.unroll != 0 { copy.unroll -= 1 }
    if algorithm.winogradOutputs == nil {
      func cut(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
        (min(width, workload.width), min(height, workload.height))
      }
      var tile = cut(tileWidth, tileHeight)
      let turned = cut(tileHeight, tileWidth)
      // Tiles of gemm lie along a row.
      if algorithm != .gemm, turned.width * turned.height > tile.width * tile.height {
        tile = turned
      }
      (copy.tileWidth, copy.tileHeight) = tile
    }
    return copy
  }

  /// The tile with the least work: each tile loads its inputs anew, which costs about half a texel of
  /// outputs, and a ragged last tile computes what nobody stores. Tiles of several groups are not ragged.
  private static func cheapestTile(upTo largest: Int, of it: Convolution) -> Int {
    let blocks = it.blocksPerGroup
    func cost(_ tile: Int) -> Double { (Double(tile) + 0.5) * Double(blocks.dividedUp(by: tile)) }
    return (1...max(1, min(largest, blocks)))
      .filter { it.groups == 1 || blocks % $0 == 0 }
      .min { (cost($0), -$0) < (cost($1), -$1) } ?? 1
  }
}
