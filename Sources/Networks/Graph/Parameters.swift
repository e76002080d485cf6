/// Learned numbers of a layer, made when they are asked for: most questions about a network need only
/// their count.
public struct Parameters: Sendable {
  public let count: Int
  private let make: @Sendable () -> [Float]

  /// Numbers that `make` gives, `count` of them, the same by every call.
  public init(count: Int, make: @escaping @Sendable () -> [Float]) {
    self.count = count
    self.make = make
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
  public var values: [Float] { make() }

  /// Numbers made of these; `transform` keeps `count` or gives as many as `count` says.
  public func map(
    count: Int? = nil, _ transform: @escaping @Sendable ([Float]) -> [Float]
  ) -> Parameters {
    let make = make
    return Parameters(count: count ?? self.count) { transform(make()) }
  }
}
