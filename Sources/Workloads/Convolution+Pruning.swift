extension Convolution {
  /// Weights of the dense convolution.
  public var weights: Int { outputs * inputsPerGroup * kernel * kernel }

  /// Weights that are not pruned.
  public var keptWeights: Int { sparsity?.kept ?? weights }

  /// Share of the weights that are not pruned: 1 for a dense convolution, above 0 for any.
  public var keptShare: Double { Double(keptWeights) / Double(weights) }

  /// This convolution with weights pruned by a mask drawn from `seed`.
  ///
  /// - Parameter rate: At least 1: how many there are for each one that is kept. For patterns that
  ///   counts kernels (the connectivity rate; 1 keeps every kernel), else weights. The number kept is
  ///   the nearest whole one, for block-punched pruning the nearest that blocks can keep.
  /// - Throws: Why this convolution cannot be pruned so.
  public func pruned(
    _ scheme: Sparsity.Scheme, rate: Double, seed: UInt32 = 1
  ) throws(InvalidWorkload) -> Convolution {
    var result = self
    result.sparsity = nil
    try Workload.validate(result)
    try Self.require(rate: rate)
    let weights = weights
    // Whether blocks and patterns fit is known before anything is divided by their sizes.
    result.sparsity = Sparsity(scheme, kept: weights, total: weights, source: .seed(seed))
    try Workload.validate(result)
    let target = Int((Double(weights) / rate).rounded())
    switch scheme {
    case .pattern(let library):
      let kernels = Int((Double(outputs * inputsPerGroup) / rate).rounded())
      result.sparsity?.kept = kernels * library.entries
    case .blockPunched(let filters, let channels):
      let grid = BlockGrid(
        outputs: outputs, inputs: inputsPerGroup, filters: filters, channels: channels)
      result.sparsity?.kept = grid.share(nearest: target).kept
    case .unstructured: result.sparsity?.kept = target
    }
    try Workload.validate(result)
    return result
  }
  /// The dense convolution that is left when filters are pruned: `1 / rate` of them, rounded.
  ///
  /// - Throws: Why this convolution cannot be pruned so.
  public func filterPruned(rate: Double) throws(InvalidWorkload) -> Convolution {
    try channelPruned(\.outputs, "filters", rate)
  }

  /// The dense convolution that is left when input channels are pruned: `1 / rate` of them, rounded.
  ///
  /// - Throws: Why this convolution cannot be pruned so.
  public func channelPruned(rate: Double) throws(InvalidWorkload) -> Convolution {
    try channelPruned(\.inputs, "input channels", rate)
  }

  private func channelPruned(
    _ path: WritableKeyPath<Convolution, Int>, _ what: String, _ rate: Double
  ) throws(InvalidWorkload) -> Convolution {
    try Workload.validate(self)
    try Self.require(rate: rate)
    try Workload.require(groups == 1, .sparsity, notPruned)
    var result = self
    result[keyPath: path] = Int((Double(self[keyPath: path]) / rate).rounded())
    try Workload.require(
      result[keyPath: path] > 0, .sparsity,
      "a pruning rate of \(rate) leaves none of the \(self[keyPath: path]) \(what)")
    return result
  }

  /// Why convolutions of several groups are not pruned.
  var notPruned: String {
    "a \(isDepthwise ? "depthwise" : "grouped") convolution is not pruned"
  }

  private static func require(rate: Double) throws(InvalidWorkload) {
    try Workload.require(
      rate >= 1 && rate.isFinite, .sparsity, "a pruning rate is at least 1, not \(rate)")
  }
}
