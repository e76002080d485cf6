internal import Execution
internal import Images
internal import Kernels
internal import Measurement
internal import Networks
internal import Tables
internal import Workloads

/// A network for a picture, or for tiles of it.
struct PictureNetwork {
  /// For the whole picture, or one tile.
  let graph: Graph
  let lowered: LoweredNetwork
  /// How the picture is cut; `nil` where it goes through as a whole.
  let tiling: Tiling?

  /// Chooses tiles where they are asked for, or where the device cannot take the whole picture.
  ///
  /// - Parameters:
  ///   - picture: The shape of the picture; `nil` for the network's own.
  ///   - tile: Side of the tiles; `nil` for as large as fits.
  init(
    _ choice: NetworkOptions, picture: MapShape?, tile: Int?, fusingSplitBlocks: Bool,
    on backend: any Backend
  ) throws(CommandFailure) {
    let whole = try choice.graph(input: picture)
    // XNNPACK has no operator that passes channels.
    let fusingSplitBlocks = fusingSplitBlocks && backend is VulkanBackend
    func misfit(_ network: LoweredNetwork) -> String? {
      MemoryPlan.misfit(
        network, limits: (backend as? VulkanBackend)?.limits,
        memoryBytes: backend.device.memoryBytes)
    }
    let lowered = try LoweredNetwork(argument: whole, fusingSplitBlocks: fusingSplitBlocks)
    let problem = misfit(lowered)
    guard tile != nil || problem != nil else {
      (graph, self.lowered, tiling) = (whole, lowered, nil)
      return
    }
    let shape = whole[whole.input]
    let reason = problem.map { "\($0); " } ?? ""
    guard let field = whole.receptiveField else {
      throw CommandFailure(
        .badFile,
        "\(reason)every output pixel of \(whole.name) depends on the whole picture, so it "
          + "cannot be cut into tiles")
    }
    var side = tile ?? max(shape.height, shape.width) / 2
    while let tiling = Tiling(picture: shape, height: side, width: side, field: field) {
      let part = try choice.graph(
        input: MapShape(channels: shape.channels, height: tiling.height, width: tiling.width))
      let network = try LoweredNetwork(argument: part, fusingSplitBlocks: fusingSplitBlocks)
      let (from, to) = (network.inputShape, network.outputShape)
      guard to.height % from.height == 0, to.width == to.height / from.height * from.width else {
        throw CommandFailure(
          .badFile,
          "\(reason)\(whole.name) makes \(to) of \(from): tiles go together where the scale is a whole "
            + "number")
      }
      if misfit(network) == nil {
        (graph, self.lowered, self.tiling) = (part, network, tiling)
        return
      }
      guard tile == nil else { break }
      side /= 2
    }
    throw CommandFailure(
      .badFile,
      "\(reason)tiles of \(side) pixels do not work: an output pixel sees \(field.radius) pixels on each "
        + "side, a picture is a multiple of \(field.alignment) pixels, and what does not fit as a whole may not "
        + "fit in such tiles either")
  }

  /// Throws if a picture cannot go in, or what comes out be written to a file.
  ///
  /// - Parameter isImage: Whether it holds colours or grey, of which a network may take the brightness.
  func require(_ picture: Tensor, isImage: Bool, output: String?) throws(CommandFailure) {
    let (takes, has) = (lowered.inputShape.channels, picture.shape.channels)
    guard takes == has || (isImage && takes == 1 && has == 3) else {
      throw CommandFailure(
        .badFile, "\(graph.name) takes \(takes) channels, and the picture has \(has)")
    }
    let gives = lowered.outputShape.channels
    guard output?.lowercased().hasSuffix(".png") != true || gives == 1 || gives == 3 else {
      throw CommandFailure(
        .usage, "\(graph.name) gives \(gives) channels, which no PNG has; write an .npy")
    }
  }

  /// A picture through the network. One channel is brightness: colours are resized bicubically.
  ///
  /// - Parameter isImage: Whether it holds colours or grey, and not what a network takes as it is.
  func upscale(
    _ picture: Tensor, isImage: Bool, by network: any ExecutableNetwork,
    watchdogNanoseconds: Double
  ) throws(Failure) -> Tensor {
    if isImage, lowered.inputShape.channels == 1 {
      let result = try picture.upscaled { luma throws(Failure) in
        try self.upscale(
          luma, isImage: false, by: network, watchdogNanoseconds: watchdogNanoseconds)
      }
      if let result { return result }
    }
    let output = lowered.outputShape
    guard let tiling else {
      try network.load(picture.values)
      _ = try network.run(length: 1, watchdogNanoseconds: watchdogNanoseconds)
      return Tensor(output, try network.result())
    }
    let scale = output.height / tiling.height
    let shape = MapShape(
      channels: output.channels, height: picture.shape.height * scale,
      width: picture.shape.width * scale)
    var whole = [Float](repeating: 0, count: shape.count)
    for index in tiling.corners.indices {
      if Interruption.status != nil { throw Failure(.timedOut, "interrupted between tiles") }
      try network.load(tiling.tile(index, of: picture.values))
      _ = try network.run(length: 1, watchdogNanoseconds: watchdogNanoseconds)
      tiling.place(
        try network.result(), index, channels: output.channels, scale: scale, into: &whole)
    }
    return Tensor(shape, whole)
  }
}
