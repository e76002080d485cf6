/// Floats in memory of their own, with room behind them that XNNPACK may read, and that must stay as it is.
public final class Tensor {
  /// Numbers that belong to the tensor.
  public let count: Int
  let memory: UnsafeMutableBufferPointer<Float>

  /// Numbers behind the last; `XNN_EXTRA_BYTES` is 16 bytes, in later versions up to 128.
  private static let tail = 64
  private static let untouched = Float(bitPattern: 0x7fc0_5a5a)

  /// Fills all numbers by their index.
  public init(count: Int, _ value: (Int) -> Float) {
    self.count = count
    let whole = UnsafeMutableRawBufferPointer.allocate(
      byteCount: (count + Self.tail) * MemoryLayout<Float>.stride, alignment: 64)
    memory = whole.bindMemory(to: Float.self)
    for index in 0..<count { memory.initializeElement(at: index, to: value(index)) }
    memory[count...].initialize(repeating: Self.untouched)
  }

  deinit { memory.deallocate() }

  /// Sets every number.
  public func fill(_ value: Float) {
    memory[..<count].update(repeating: value)
  }

  /// The number at an index.
  public subscript(index: Int) -> Float {
    get { memory[index] }
    set { memory[index] = newValue }
  }

  /// Whether all numbers are finite.
  public var isFinite: Bool { memory[..<count].allSatisfy(\.isFinite) }

  /// Whether nothing behind the last number was written.
  public var isTailUntouched: Bool {
    memory[count...].allSatisfy { $0.bitPattern == Self.untouched.bitPattern }
  }
}
