/// Bytes of a frame's payload, written field by field: numbers little-endian, lists and texts behind
/// their count.
public struct ByteWriter {
  /// Everything written so far.
  public private(set) var bytes: [UInt8] = []

  /// Nothing yet.
  public init() {}

  /// Appends an integer.
  public mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a number as its 64 bits.
  public mutating func write(_ value: Double) { write(value.bitPattern) }

  /// Appends a truth value as one byte.
  public mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }

  /// Appends a text: its bytes in UTF-8 behind their count.
  public mutating func write(_ text: String) {
    let utf8 = Array(text.utf8)
    write(UInt32(utf8.count))
    bytes.append(contentsOf: utf8)
  }

  /// Appends bytes as they are, without a count.
  public mutating func write(raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

  /// Appends a value by its own fields.
  public mutating func write<Value: WireValue>(_ value: Value) { value.write(to: &self) }

  /// Appends a list behind its count.
  public mutating func write<Element>(
    list: [Element], _ element: (inout ByteWriter, Element) -> Void
  ) {
    write(UInt32(list.count))
    for value in list { element(&self, value) }
  }

  /// Appends a list of values behind its count.
  public mutating func write<Value: WireValue>(list: [Value]) {
    write(list: list) { $0.write($1) }
  }

  /// Appends a value, or that there is none.
  public mutating func write<Value>(
    optional: Value?, _ value: (inout ByteWriter, Value) -> Void
  ) {
    write(optional != nil)
    if let optional { value(&self, optional) }
  }
}

/// A value that goes over the wire by its own fields.
public protocol WireValue {
  /// Reads what ``write(to:)`` wrote.
  init(from reader: inout ByteReader) throws(MalformedFrame)
  /// Appends all fields.
  func write(to writer: inout ByteWriter)
}

extension WireValue {
  /// The value as a frame's payload.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// The value that a whole payload holds.
  public init(payload: [UInt8]) throws(MalformedFrame) {
    var reader = ByteReader(payload)
    try self.init(from: &reader)
    try reader.end()
  }
}
