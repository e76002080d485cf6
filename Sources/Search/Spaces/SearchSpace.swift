public import Networks
public import Prediction
public import Tables

/// The networks that a search chooses from, as a space file describes them.
public enum SearchSpace: Hashable, Sendable {
  case wdsr(WDSRSpace)
  case splitSR(SplitSRSpace)

  /// How many times larger the image gets.
  public var scale: Int {
    switch self {
    case .wdsr(let space): space.scale
    case .splitSR(let space): space.scale
    }
  }

  /// Whether a point is one of this space.
  public func contains(_ point: Point) -> Bool {
    switch self {
    case .wdsr(let space): space.contains(point)
    case .splitSR(let space): space.canonical(point) != nil
    }
  }

  /// The network of a point of this space at a rate.
  public func network(
    of point: Point, rate: Double
  ) throws(InvalidNetwork) -> SearchedNetwork {
    switch self {
    case .wdsr(let space):
      guard contains(point) else { throw InvalidNetwork("no point of the space: \(point)") }
      return .candidate(space.candidate(point, rate: rate))
    case .splitSR(let space):
      guard let point = space.canonical(point) else {
        throw InvalidNetwork("no point of the space: \(point)")
      }
      return .splitSR(try space.description(point))
    }
  }

  /// The space under a limit of latency, as a table predicts it.
  ///
  /// - Throws: ``UnreachableLatency``, with the latency that can be reached, or ``InvalidNetwork``.
  public func limited(
    to limit: LatencyLimit, table: LatencyTable, predictor: LatencyPredictor
  ) throws -> any FeasibleSpace {
    switch self {
    case .wdsr(let space):
      let latency: any PointLatency =
        space.blocks.allSatisfy(\.isIndependent)
        ? try WDSRLatency(space, table: table, predictor: predictor)
        : try WholeNetworkLatency(space, table: table, predictor: predictor)
      return try LimitedWDSR(space, latency: latency, limit: limit)
    case .splitSR(let space):
      return try LimitedSplitSR(space, table: table, predictor: predictor, limit: limit)
    }
  }
}

/// A network that a search found.
public enum SearchedNetwork: Hashable, Sendable {
  case candidate(Candidate)
  case splitSR(NetworkDescription)

  /// The network itself.
  public func graph() throws(InvalidNetwork) -> Graph {
    switch self {
    case .candidate(let candidate): try candidate.graph()
    case .splitSR(let description): try description.graph()
    }
  }

  /// The network for an image of another size; `nil` is its own.
  public func graph(input size: ImageSize?) throws(InvalidNetwork) -> Graph {
    guard let size else { return try graph() }
    switch self {
    case .candidate(var candidate):
      candidate.input = size
      return try candidate.graph()
    case .splitSR(let description):
      return try description.with("input", "\(size)").graph()
    }
  }

  /// The network as evaluators and files know it: a candidate's own JSON, or SplitSR's keys with `family`.
  public var json: String {
    switch self {
    case .candidate(let candidate): candidate.json
    case .splitSR(let description):
      """
      {"family": "splitsr", "scale": \(description.scale), "input": "\(description.inputSize)", \
      "groups": \(description["groups"] ?? ""), "blocks": \(description["blocks"] ?? ""), \
      "channels": \(description["channels"] ?? ""), "alpha": \(description["alpha"] ?? ""), \
      "hybrid": \(description["hybrid"] ?? ""), "mode": "\(description["mode"] ?? "")", \
      "location": "\(description["location"] ?? "")"}

      """
    }
  }
}
