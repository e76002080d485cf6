internal import Workloads

/// The registers of an invocation.
extension Schedule {
  /// Registers of 32 bits that an invocation of a workload's kernel needs at once, by a rough count: those of
  /// its sums, of the inputs that several of its pixels share, and of four texels of weights.
  ///
  /// It orders schedules before they are compiled; compilers have the last word.
  func registers(for workload: Workload) -> Int {
    guard case .convolution(let it) = workload.operation, algorithm.isConvolution else { return 0 }
    let pixels = tileWidth * tileHeight
    let sums: Int
    let inputs: Int
    switch algorithm {
    case .direct, .gemm, .listed:
      sums = pixels * tileBlocks
      inputs = algorithm == .direct ? tileHeight * shared(it) : pixels
    case .pointwise:
      sums = pixels * tileBlocks
      inputs = unroll * pixels
    case .depthwise:
      sums = pixels
      inputs = tileHeight * shared(it)
    case .winograd2, .winograd4:
      let outputs = algorithm.winogradOutputs ?? 2
      let places = tileWidth / outputs * (outputs + 2) * (outputs + 2)
      sums = places * tileBlocks
      inputs = places
    case .branched, .coded:
      sums = pixels * tileBlocks
      inputs = shared(it) * ((tileHeight - 1) * it.stride + it.kernel)
    case .elementwise, .reduction:
      (sums, inputs) = (0, 0)
    }
    // Weights in the code are constants.
    let weights = algorithm == .coded ? 0 : 4
    return (sums + inputs + weights) * ActivationLayout.channelsPerTexel
  }

  /// Texels of a row of inputs that several pixels of the tile read; one where each has its own.
  private func shared(_ it: Convolution) -> Int {
    tileWidth == 1 ? 1 : (tileWidth - 1) * it.stride + it.kernel
  }
}

extension [Schedule] {
  /// Those first that find enough registers, in the same order; then the others, those that need least first.
  func sparing(_ registers: Int, for workload: Workload) -> [Schedule] {
    let needs = map { $0.registers(for: workload) }
    return indices.sorted {
      let (one, other) = (
        needs[$0] <= registers ? 0 : needs[$0], needs[$1] <= registers ? 0 : needs[$1]
      )
      return (one, $0) < (other, $1)
    }.map { self[$0] }
  }
}
