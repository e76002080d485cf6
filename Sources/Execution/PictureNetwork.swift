public import Images
internal import Kernels
internal import Measurement
public import Networks
public import Tables
public import Workloads

/// A network for a picture, or for tiles of it.
public struct PictureNetwork {
  /// For the whole picture, or one tile.
  public let graph: Graph
  public let lowered: LoweredNetwork
  /// How the picture is cut; `nil` where it goes through as a whole.
  public let tiling: Tiling?

  /// Why a picture does not go through a network.
  public enum Misfit<Unavailable: Error>: Error {
    /// The network cannot be made for an image of some shape.
    case graph(Unavailable)
    /// Neither the whole picture nor tiles of it can be executed; why, in one sentence.
    case network(String)
  }

  /// Chooses tiles where they are asked for, or where the device cannot take the whole picture.
  ///
  /// - Parameters:
  ///   - picture: The shape of the picture; `nil` for the network's own.
  ///   - tile: Side of the tiles; `nil` for as large as fits.
  ///   - fusingSplitBlocks: Whether a SplitSR block is one workload where the device can do that.
  ///   - graph: The network for an image of a shape, or of its own.
  public init<Unavailable: Error>(
    picture: MapShape?, tile: Int? = nil, fusingSplitBlocks: Bool = true,
    on backend: any NetworkBackend,
    graph: (MapShape?) throws(Unavailable) -> Graph
  ) throws(Misfit<Unavailable>) {
    func made(_ shape: MapShape?) throws(Misfit<Unavailable>) -> Graph {
      do throws(Unavailable) { return try graph(shape) } catch { throw .graph(error) }
    }
    func lower(_ graph: Graph) throws(Misfit<Unavailable>) -> LoweredNetwork {
      do throws(InvalidGraph) {
        return try LoweredNetwork(
          graph, fusingSplitBlocks: fusingSplitBlocks && backend.traits.fusesSplitBlocks)
      } catch {
        throw .network("\(graph.name): \(error)")
      }
    }
    let whole = try made(picture)
    func misfit(_ network: LoweredNetwork) -> String? {
      MemoryPlan.misfit(
        network, limits: backend.mapLimits, memoryBytes: backend.device.memoryBytes)
    }
    let lowered = try lower(whole)
    let problem = misfit(lowered)
    guard tile != nil || problem != nil else {
      (self.graph, self.lowered, tiling) = (whole, lowered, nil)
      return
    }
    let shape = whole[whole.input]
    let reason = problem.map { "\($0); " } ?? ""
    guard let field = whole.receptiveField else {
      throw .network(
        "\(reason)every output pixel of \(whole.name) depends on the whole picture, so it "
          + "cannot be cut into tiles")
    }
    var side = tile ?? max(shape.height, shape.width) / 2
    while let tiling = Tiling(picture: shape, height: side, width: side, field: field) {
      let part = try made(
        MapShape(channels: shape.channels, height: tiling.height, width: tiling.width))
      let network = try lower(part)
      let (from, to) = (network.inputShape, network.outputShape)
      guard to.height % from.height == 0, to.width == to.height / from.height * from.width else {
        throw .network(
          "\(reason)\(whole.name) makes \(to) of \(from): tiles go together where the scale is a whole "
            + "number")
      }
      if misfit(network) == nil {
        (self.graph, self.lowered, self.tiling) = (part, network, tiling)
        return
      }
      guard tile == nil else { break }
      side /= 2
    }
    throw .network(
      "\(reason)tiles of \(side) pixels do not work: an output pixel sees \(field.radius) pixels on each "
        + "side, a picture is a multiple of \(field.alignment) pixels, and what does not fit as a whole may not "
        + "fit in such tiles either")
  }

  /// A picture through the network. One channel is brightness: colours are resized bicubically.
  ///
  /// - Parameters:
  ///   - isImage: Whether it holds colours or grey, and not what a network takes as it is.
  ///   - network: ``lowered``, ready to run.
  ///   - shouldStop: Asked between tiles.
  public func upscale(
    _ picture: Tensor, isImage: Bool, by network: any ExecutableNetwork,
    watchdogNanoseconds: Double, shouldStop: () -> Bool = { false }
  ) throws(Failure) -> Tensor {
    if isImage, lowered.inputShape.channels == 1 {
      let result = try picture.upscaled { luma throws(Failure) in
        try self.upscale(
          luma, isImage: false, by: network, watchdogNanoseconds: watchdogNanoseconds,
          shouldStop: shouldStop)
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
      if shouldStop() { throw Failure(.timedOut, "interrupted between tiles") }
      try network.load(tiling.tile(index, of: picture.values))
      _ = try network.run(length: 1, watchdogNanoseconds: watchdogNanoseconds)
      tiling.place(
        try network.result(), index, channels: output.channels, scale: scale, into: &whole)
    }
    return Tensor(shape, whole)
  }
}
