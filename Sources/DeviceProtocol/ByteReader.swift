/// Reads the fields of a frame's payload. Whatever the bytes are, it ends with values or with an error,
/// and takes no more memory than the payload.
public struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var offset: Int

  /// A reader of a payload.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes[...]
    offset = 0
  }

  /// Bytes that were not read yet.
  public var remaining: Int { bytes.endIndex - offset }

  private mutating func take(_ count: Int) throws(MalformedFrame) -> ArraySlice<UInt8> {
    guard count <= remaining else { throw .tooShort }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// The next integer.
  public mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type = Value.self
  ) throws(MalformedFrame) -> Value {
    let field = try take(MemoryLayout<Value>.size)
    var value: Value = 0
    for byte in field.reversed() { value = value << 8 | Value(truncatingIfNeeded: byte) }
    return value
  }

  /// The next number that fits an index or a size.
  public mutating func size() throws(MalformedFrame) -> Int {
    guard let value = Int(exactly: try integer(UInt64.self)) else { throw .outOfRange }
    return value
  }

  /// The next number of 64 bits.
  public mutating func number() throws(MalformedFrame) -> Double {
    Double(bitPattern: try integer())
  }

  /// The next truth value; throws ``MalformedFrame/outOfRange`` for another byte than 0 and 1.
  public mutating func bool() throws(MalformedFrame) -> Bool {
    switch try integer(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw .outOfRange
    }
  }

  /// The next text; bytes that are no UTF-8 are replaced.
  public mutating func text() throws(MalformedFrame) -> String {
    let count = Int(try integer(UInt32.self))
    return String(decoding: try take(count), as: UTF8.self)
  }

  /// All bytes that are left.
  public mutating func rest() throws(MalformedFrame) -> ArraySlice<UInt8> { try take(remaining) }

  /// The next list, of elements of at least `smallest` bytes.
  public mutating func list<Element>(
    smallest: Int, _ element: (inout ByteReader) throws(MalformedFrame) -> Element
  ) throws(MalformedFrame) -> [Element] {
    let count = Int(try integer(UInt32.self))
    guard count <= remaining / max(smallest, 1) else { throw .tooShort }
    var list: [Element] = []
    list.reserveCapacity(count)
    for _ in 0..<count { list.append(try element(&self)) }
    return list
  }

  /// The next list of values, of at least `smallest` bytes each.
  public mutating func list<Value: WireValue>(
    of type: Value.Type = Value.self, smallest: Int
  ) throws(MalformedFrame) -> [Value] {
    try list(smallest: smallest) { (reader) throws(MalformedFrame) in
      try Value(from: &reader)
    }
  }

  /// The next value, if one is there.
  public mutating func optional<Value>(
    _ value: (inout ByteReader) throws(MalformedFrame) -> Value
  ) throws(MalformedFrame) -> Value? {
    try bool() ? try value(&self) : nil
  }

  /// Throws if anything is left.
  public func end() throws(MalformedFrame) {
    guard remaining == 0 else { throw .tooLong }
  }
}

/// Why bytes are no frame of this protocol.
public enum MalformedFrame: Error, Equatable, Sendable {
  /// It ends in the middle of a field, or promises more than it holds.
  case tooShort
  /// Bytes are left behind the last field.
  case tooLong
  /// A field holds a value that it may not.
  case outOfRange
  /// It does not begin as a frame does.
  case noFrame

  /// Such as "a frame that is too short".
  public var phrase: String {
    switch self {
    case .tooShort: "a frame that is too short"
    case .tooLong: "a frame that is too long"
    case .outOfRange: "a frame with a value that is out of range"
    case .noFrame: "bytes that are no frame"
    }
  }
}
