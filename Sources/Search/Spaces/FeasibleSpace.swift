public import Statistics

/// A search space under a limit of latency: what strategies draw from. Points come and go in canonical form.
public protocol FeasibleSpace: Sendable {
  /// The fastest network, which meets the limit.
  var fastest: FeasiblePoint { get }

  /// Any point of the space, each choice made evenly among what its place can take.
  func random(using generator: inout SplitMix64) -> Point

  /// A point that differs from another of the space by one choice: of a cell's block, or of a layer's scheme.
  func mutated(_ point: Point, using generator: inout SplitMix64) -> Point

  /// The network of a point at the smallest rate that meets the limit; `nil` if none does.
  func feasible(_ point: Point) -> FeasiblePoint?
}

/// A network that meets a limit of latency.
public struct FeasiblePoint: Hashable, Sendable {
  /// In canonical form, which may depend on the rate: at rate 1 most schemes prune nothing.
  public var point: Point
  /// Rate of all layers that have a scheme; 1 in a space without rates.
  public var rate: Double
  /// Predicted latency.
  public var nanoseconds: Double
  /// The end of the prediction's interval that was compared with the limit; the latency itself where no
  /// confidence was asked for.
  public var highNanoseconds: Double

  public init(point: Point, rate: Double, nanoseconds: Double, highNanoseconds: Double) {
    self.point = point
    self.rate = rate
    self.nanoseconds = nanoseconds
    self.highNanoseconds = highNanoseconds
  }
}
