/// Fills a buffer with a word.
public struct FillRequest: WireValue, Equatable, Sendable {
  /// The buffer.
  public var buffer: UInt32
  /// The word.
  public var word: UInt32

  /// A request with its parts.
  public init(buffer: UInt32, word: UInt32) {
    self.buffer = buffer
    self.word = word
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    buffer = try reader.integer()
    word = try reader.integer()
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(buffer)
    writer.write(word)
  }
}

/// A piece of a buffer, of at most ``FrameHeader/pieceBytes`` bytes: to be read, or to be written with
/// the bytes that follow.
public struct BufferPiece: WireValue, Equatable, Sendable {
  /// The buffer.
  public var buffer: UInt32
  /// Its first byte.
  public var offset: Int
  /// Its length in bytes.
  public var count: Int

  /// A piece with its parts.
  public init(buffer: UInt32, offset: Int, count: Int) {
    self.buffer = buffer
    self.offset = offset
    self.count = count
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    buffer = try reader.integer()
    offset = try reader.size()
    count = try reader.size()
    guard count <= FrameHeader.pieceBytes else { throw .outOfRange }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(buffer)
    writer.write(UInt64(offset))
    writer.write(UInt64(count))
  }
}

/// A piece of contents, with the bytes that follow.
///
/// Pieces come in order. Once the last one is there the worker keeps the contents, if their digest is right.
public struct ContentPiece: WireValue, Equatable, Sendable {
  /// Digest of the whole.
  public var digest: Digest
  /// Bytes of the whole.
  public var byteCount: Int
  /// Where in the whole this piece begins.
  public var offset: Int

  /// The largest contents that a worker takes.
  public static let mostBytes = 256 << 20

  /// A piece with its parts.
  public init(digest: Digest, byteCount: Int, offset: Int) {
    self.digest = digest
    self.byteCount = byteCount
    self.offset = offset
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    digest = try Digest(from: &reader)
    byteCount = try reader.size()
    offset = try reader.size()
    guard byteCount <= Self.mostBytes else { throw .outOfRange }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(digest)
    writer.write(UInt64(byteCount))
    writer.write(UInt64(offset))
  }
}

/// Writes contents that a worker keeps to the beginning of buffers. The reply says in one byte whether it
/// has them.
public struct LoadRequest: WireValue, Equatable, Sendable {
  /// The contents.
  public var digest: Digest
  /// The buffers.
  public var buffers: [UInt32]

  /// A request with its parts.
  public init(digest: Digest, buffers: [UInt32]) {
    self.digest = digest
    self.buffers = buffers
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    digest = try Digest(from: &reader)
    buffers = try IdentifierList(from: &reader).ids
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(digest)
    writer.write(IdentifierList(buffers))
  }
}

/// Objects by their numbers: buffers whose digests are asked for, or what may go.
public struct IdentifierList: WireValue, Equatable, Sendable {
  /// The numbers.
  public var ids: [UInt32]

  /// A list of numbers.
  public init(_ ids: [UInt32]) {
    self.ids = ids
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    ids = try reader.list(smallest: 4) { (reader) throws(MalformedFrame) in
      try reader.integer()
    }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(list: ids) { $0.write($1) }
  }
}

/// A list of values as a whole payload, such as devices or digests.
public struct ValueList<Value: WireValue>: WireValue {
  /// The values.
  public var values: [Value]

  /// A list of values.
  public init(_ values: [Value]) {
    self.values = values
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    values = try reader.list(smallest: 1)
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(list: values)
  }
}
