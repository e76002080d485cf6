/// Learned numbers of a layer, made when they are asked for: most questions about a network need only
/// their count.
///
/// Copies are the same numbers: layers that hold copies of one value share them, and a network's
/// parameters count them once.
public struct Parameters: Sendable {
  public let count: Int
  private let source: Source

  /// Where the numbers come from; its identity tells shared parameters from others.
  private final class Source: Sendable {
    let make: @Sendable () -> [Float]

    init(_ make: @escaping @Sendable () -> [Float]) {
      self.make = make
    }
  }

  /// Numbers that `make` gives, `count` of them, the same by every call.
  public init(count: Int, make: @escaping @Sendable () -> [Float]) {
    self.count = count
    source = Source(make)
  }

  /// Given numbers.
  public init(_ values: [Float]) {
    self.init(count: values.count) { values }
  }

  /// `count` times the same number.
  public init(repeating value: Float, count: Int) {
    self.init(count: count) { [Float](repeating: value, count: count) }
  }

  /// The numbers, made anew by every call.
  public var values: [Float] { source.make() }

  /// Equal for copies of one value, as long as one of them lives.
  public var identity: ObjectIdentifier { ObjectIdentifier(source) }

  /// Numbers made of these; `transform` keeps `count` or gives as many as `count` says.
  public func map(
    count: Int? = nil, _ transform: @escaping @Sendable ([Float]) -> [Float]
  ) -> Parameters {
    let source = source
    return Parameters(count: count ?? self.count) { transform(source.make()) }
  }
}
