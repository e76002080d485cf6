/// A header with what follows it.
public struct Frame: Equatable, Sendable {
  /// How it begins.
  public var header: FrameHeader
  /// As many bytes as the header says.
  public var payload: [UInt8]

  /// A frame with its parts.
  public init(header: FrameHeader, payload: [UInt8]) {
    self.header = header
    self.payload = payload
  }
}

/// Frames put together from bytes, as they come.
public struct FrameBuffer {
  /// Bytes of the frame that is coming: of its header, or of its payload behind that.
  public private(set) var partial: [UInt8] = []
  private var header: FrameHeader?

  /// Nothing yet.
  public init() {}

  /// Bytes to read next; 0 once a frame is whole.
  public var wanted: Int { (header?.payloadBytes ?? FrameHeader.byteCount) - partial.count }

  /// Takes the next bytes, ``wanted`` at most.
  public mutating func append(_ bytes: ArraySlice<UInt8>) { partial += bytes }

  /// The next frame, once all of it has come. Throws for bytes that begin as none; they stay ``partial``.
  public mutating func next() throws(MalformedFrame) -> Frame? {
    if header == nil, partial.count == FrameHeader.byteCount {
      let new = try FrameHeader(partial)
      header = new
      partial = []
      partial.reserveCapacity(new.payloadBytes)
    }
    guard let header, partial.count == header.payloadBytes else { return nil }
    defer {
      self.header = nil
      partial = []
    }
    return Frame(header: header, payload: partial)
  }
}
