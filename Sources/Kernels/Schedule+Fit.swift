public import Workloads

/// The constraints of schedules, by workload and by device.
extension Schedule {
  /// Most multiply-adds that are written into code: above, drivers compile for many seconds.
  static let largestCode = 40_000
  /// Most turns of the loops of one invocation: lavapipe of Mesa 22.3 ends all loops after 65,535 of them
  /// together, without a word.
  static let mostTurns = 60_000
  /// Longest side of a tile; ``ActivationLayout/texelCount`` leaves room for what tiles read past
  /// the end.
  static let longestTile = 8

  /// Throws the constraint that keeps this schedule from executing `workload` on a device of `limits`.
  public func requireFit(
    _ workload: Workload, limits: DeviceLimits
  ) throws(InvalidSchedule) {
    _ = try kernel(for: workload, limits: limits)
  }

  /// The kernel that executes `workload` by this schedule on a device of `limits`, or the constraint that
  /// keeps it from doing so.
  ///
  /// - Parameters:
  ///   - views: Activations that are some channels of a larger buffer, whose size counts.
  ///   - weight: The weights of a kernel that has them in its code, by row-major index; those of the test
  ///     data unless given.
  public func kernel(
    for workload: Workload, limits: DeviceLimits, views: [Operand: ChannelView] = [:],
    weight: (@Sendable (Int) -> Float)? = nil
  ) throws(InvalidSchedule) -> Kernel {
    try requireElementType(workload.elementType, limits)
    try requireGroup(limits)
    switch workload.operation {
    case .convolution(let it): try requireFit(it, workload, limits)
    case .globalAveragePool: try require(algorithm == .reduction, "\(workload) needs reduction")
    case .add, .pixelShuffle, .concat, .channelScale, .multiply, .copy, .resize:
      try require(algorithm == .elementwise, "\(workload) needs elementwise")
    }
    let inputBlocks = workload.inputBlocks
    try require(
      unroll == 1 || (algorithm == .pointwise && inputBlocks % unroll == 0),
      "\(unroll) input texels a turn need pointwise, and divide the \(inputBlocks) of the input")
    try require(
      algorithm != .reduction || accumulator == .float32, "planes are summed in float32 only")
    try require(
      input != .uniformBuffer, "activations are not read from uniform buffers")
    let kernel: Kernel
    do throws(Unsupported) {
      kernel = try Kernel(
        workload, schedule: self, uniformBytes: limits.uniformSliceBytes, views: views,
        weight: weight)
    } catch {
      throw InvalidSchedule(error.description)
    }
    try kernel.requireFit(limits, of: self)
    return kernel
  }

  private func require(
    _ condition: Bool, _ sentence: @autoclosure () -> String
  ) throws(InvalidSchedule) {
    if !condition { throw InvalidSchedule("schedule \(self): \(sentence())") }
  }

  private func requireElementType(
    _ type: ElementType, _ limits: DeviceLimits
  ) throws(InvalidSchedule) {
    if type == .float16, !limits.storageBuffer16BitAccess {
      throw InvalidSchedule(
        "the device has no storageBuffer16BitAccess, which float16 activations need")
    }
    try require(
      type == .float16 || accumulator == .float32, "only float16 workloads are summed in float16")
    try require(
      accumulator == .float32 || limits.shaderFloat16,
      "sums in float16 need shaderFloat16, which the device lacks")
  }

  private func requireGroup(_ limits: DeviceLimits) throws(InvalidSchedule) {
    try require(
      limits.allows(groupWidth: groupWidth, height: groupHeight),
      "a work-group of \(groupWidth)x\(groupHeight) invocations exceeds the device's "
        + "maxComputeWorkGroupInvocations of \(limits.maxComputeWorkGroupInvocations) or "
        + "maxComputeWorkGroupSize")
    if algorithm == .reduction {
      try require(
        groupHeight == 1 && groupWidth.nonzeroBitCount == 1,
        "a reduction's work-group is a power of two wide and 1 high")
    }
    if weights == .subgroup {
      let size = limits.subgroupSize
      try require(limits.subgroupShuffle, "the device cannot shuffle within subgroups")
      try require(
        size > 0 && size % subgroupLanes == 0 && groupWidth * groupHeight % size == 0,
        "the \(subgroupLanes) invocations that pass weights around must divide the subgroup of "
          + "\(size), and the subgroup the work-group of \(groupWidth)x\(groupHeight)")
      try require(
        subgroupLanes <= limits.maxSubgroupLanes,
        "the \(subgroupLanes) invocations that pass weights around exceed the subgroupSize of "
          + "\(limits.maxSubgroupLanes)")
    }
  }

  private func requireFit(
    _ it: Convolution, _ workload: Workload, _ limits: DeviceLimits
  ) throws(InvalidSchedule) {
    try require(algorithm.isConvolution, "\(workload) is a convolution")
    try require(
      it.isDepthwise == (algorithm == .depthwise),
      "depthwise convolutions, and only they, are computed by depthwise")
    try require(
      max(tileWidth, tileHeight) <= Self.longestTile,
      "a tile is at most \(Self.longestTile) pixels wide and high")
    try require(
      tileBlocks <= it.storedBlocks,
      "a tile of \(tileBlocks * 4) channels exceeds the \(it.storedBlocks * 4) that are stored")
    try require(
      it.groups == 1 || it.blocksPerGroup % tileBlocks == 0,
      "a tile of \(tileBlocks * 4) channels does not divide the \(it.blocksPerGroup * 4) of a group"
    )
    try require(
      it.passing == 0 || algorithm.copiesPassing,
      "passing channels are copied by direct, pointwise, winograd2 and winograd4 only")
    try require(
      (weights == .code) == (algorithm == .coded),
      "weights in the code (w:code) and the algorithm coded go together")
    switch algorithm {
    case .direct: break
    case .pointwise: try require(it.kernel == 1, "pointwise is for 1x1 convolutions")
    case .winograd2, .winograd4:
      let m = algorithm.winogradOutputs ?? 2
      try require(it.kernel == 3 && it.stride == 1, "Winograd's F(\(m), 3) is for 3x3, stride 1")
      try require(
        tileHeight == m && tileWidth % m == 0,
        "tiles of F(\(m), 3) are \(m) pixels high and a multiple of it wide")
      try require(
        m == 2 || workload.elementType == .float32, "F(4, 3) in 16 bits loses too many of them")
      // Its errors are those of all inputs, also where few weights are left to compare them with.
      try require(
        m == 2 || it.keptShare >= 1.0 / 32,
        "F(4, 3) is for convolutions that keep one of 32 weights at least")
    case .gemm:
      try require(tileHeight == 1, "tiles of gemm are 1 pixel high")
      try require(it.groups == 1, "a work-group of gemm shares the inputs of all groups")
      try require(weights != .subgroup && weights != .sharedMemory, "gemm shares weights itself")
    case .depthwise:
      try require(tileBlocks == 1, "tiles of depthwise have 4 channels")
      try require(
        weights != .subgroup && weights != .sharedMemory, "depthwise does not share weights")
    case .listed, .branched, .coded: try requireSparseFit(it)
    case .elementwise, .reduction: break
    }
  }

  private func requireSparseFit(_ it: Convolution) throws(InvalidSchedule) {
    switch algorithm {
    case .listed: try require(it.sparsity != nil, "lists are for pruned convolutions")
    case .branched:
      var isPattern = false
      if case .pattern = it.sparsity?.scheme { isPattern = true }
      try require(isPattern, "branches are for pattern-pruned convolutions")
      try require(
        weights != .subgroup && weights != .sharedMemory, "branched does not share weights")
    default:
      let terms = it.keptWeights * tileWidth * tileHeight
      try require(
        terms <= Self.largestCode,
        "the code would have \(terms) multiply-adds, more than \(Self.largestCode)")
    }
  }
}

extension Workload {
  /// Input texels that one output texel of a convolution reads; 1 for other operations.
  fileprivate var inputBlocks: Int {
    if case .convolution(let it) = operation { it.inputBlocks } else { 1 }
  }
}

extension Kernel {
  /// Throws the limit that the kernel's loops or one of its operands exceed.
  func requireFit(_ limits: DeviceLimits, of schedule: Schedule) throws(InvalidSchedule) {
    func require(
      _ name: String, _ found: Int, _ limit: Int, _ what: String
    ) throws(InvalidSchedule) {
      if found > limit {
        throw InvalidSchedule("schedule \(schedule): \(what) of \(found) exceeds \(name) \(limit)")
      }
    }
    if turns > Schedule.mostTurns {
      throw InvalidSchedule(
        "schedule \(schedule): the loops of an invocation would take \(turns) turns, and some drivers end "
          + "them after \(Schedule.mostTurns)")
    }
    for binding in bindings {
      let what = "\(binding.name) in a \(binding.placement.rawValue) buffer"
      switch binding.placement {
      case .storageBuffer:
        try require(
          "maxStorageBufferRange", binding.byteCount, limits.maxStorageBufferRange, what)
      case .uniformBuffer:
        try require(
          "maxUniformBufferRange", binding.slices?.bytes ?? binding.byteCount,
          limits.maxUniformBufferRange, what)
      case .texelBuffer:
        try require(
          "maxTexelBufferElements", binding.texelCount, limits.maxTexelBufferElements, what)
      case .image:
        let rows = binding.texelCount.dividedUp(by: Schedule.imageWidth)
        try require(
          "maxLinearImageDimension", max(rows, Schedule.imageWidth),
          limits.maxLinearImageDimension, "an image of \(Schedule.imageWidth)x\(rows) texels")
      }
    }
    let blocks = bindings.filter { $0.placement == .uniformBuffer }.map { $0.slices?.count ?? 1 }
    try require(
      "maxPerStageDescriptorUniformBuffers", blocks.reduce(0, +),
      limits.maxPerStageDescriptorUniformBuffers,
      "a number of uniform buffers of at most \(limits.maxUniformBufferRange) bytes")
    try require(
      "maxPerStageDescriptorStorageBuffers", bindings.count { $0.placement == .storageBuffer },
      limits.maxPerStageDescriptorStorageBuffers, "a number of storage buffers")
    try require(
      "maxComputeSharedMemorySize", sharedBytes, limits.maxComputeSharedMemorySize,
      "shared memory")
  }
}
