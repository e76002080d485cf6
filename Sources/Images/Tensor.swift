public import Workloads

/// A feature map in memory: an image, or what a network makes of one.
public struct Tensor: Hashable, Sendable {
  public let shape: MapShape
  /// Row-major `[channels, height, width]`; those of images lie in 0...1.
  public private(set) var values: [Float]

  /// Takes as many values as the shape has elements; fewer are filled up with zeros, more are dropped.
  public init(_ shape: MapShape, _ values: [Float]) {
    self.shape = shape
    self.values = values
    if values.count > shape.count { self.values.removeLast(values.count - shape.count) }
    if values.count < shape.count {
      self.values += repeatElement(0, count: shape.count - values.count)
    }
  }

  /// The element at `[channel, y, x]`.
  public subscript(channel: Int, y: Int, x: Int) -> Float {
    get { values[shape.index(channel, y, x)] }
    set { values[shape.index(channel, y, x)] = newValue }
  }

  /// Some channels that lie together.
  public func channels(_ range: Range<Int>) -> Tensor {
    let area = shape.height * shape.width
    return Tensor(
      MapShape(channels: range.count, height: shape.height, width: shape.width),
      Array(values[range.lowerBound * area..<range.upperBound * area]))
  }
}
