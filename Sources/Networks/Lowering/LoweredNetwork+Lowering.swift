internal import Workloads

extension LoweredNetwork {
  /// Lowers a graph to fused workloads: the one function for prediction and execution.
  ///
  /// Convolutions take in bias, activation, residual addition and pixel shuffle; factors, mean shifts and
  /// selections of channels are folded into weights; transposed convolutions become convolutions with a
  /// pixel-shuffle store; slices are views, and concats are stored where they belong, where channels are
  /// multiples of four.
  ///
  /// - Parameter fusingSplitBlocks: Whether a SplitSR block (slice, convolution, concat of what passes and
  ///   the result) is one workload, or a convolution and a copy.
  /// - Throws: Which node has no workload, and why.
  public init(_ graph: Graph, fusingSplitBlocks: Bool = true) throws(InvalidGraph) {
    var rewriting = Rewriting(graph)
    try rewriting.expand()
    try rewriting.foldSelections()
    try rewriting.foldAffines()
    var layers = try rewriting.fused()
    if fusingSplitBlocks { layers.fuseSplitBlocks(shapes: rewriting.shapes) }
    var assembly = Assembly(layers, shapes: rewriting.shapes, input: rewriting.input)
    for layer in layers { try assembly.append(layer) }
    guard !assembly.steps.isEmpty else {
      throw InvalidGraph(description: "the network has no layers that compute anything")
    }
    let affine = rewriting.inputAffine
    self.init(
      name: graph.name, steps: assembly.steps, buffers: assembly.placement.buffers,
      input: assembly.input, output: assembly.placement.view(of: rewriting.output),
      inputAffine: zip(affine.scale, affine.shift).map { Affine(scale: $0, shift: $1) })
  }
}
