/// 128 bits that differ for different contents, by which a device keeps what it was sent once.
///
/// Not for secrets: it tells contents apart that nobody chose in order to confuse it. Four lanes of XXH64
/// (Yann Collet's xxHash) take eight bytes each in turn; they are merged twice, in different orders, for
/// twice its 64 bits.
public struct Digest: Hashable, Sendable {
  /// The first 64 bits.
  public let high: UInt64
  /// The other 64 bits.
  public let low: UInt64

  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63

  /// The digest of contents.
  public init(of bytes: UnsafeRawBufferPointer) {
    var lanes: (UInt64, UInt64, UInt64, UInt64) = (
      Self.prime1 &+ Self.prime2, Self.prime2, 0, 0 &- Self.prime1
    )
    let whole = bytes.count & ~31
    var offset = 0
    while offset < whole {
      lanes.0 = Self.round(lanes.0, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      lanes.1 = Self.round(
        lanes.1, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      lanes.2 = Self.round(
        lanes.2, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
      lanes.3 = Self.round(
        lanes.3, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
      offset += 32
    }
    var tail: UInt64 = UInt64(bytes.count)
    while offset < bytes.count {
      tail = Self.round(tail, UInt64(bytes[offset]) &* Self.prime3)
      offset += 1
    }
    high = Self.merged(lanes.0, lanes.1, lanes.2, lanes.3, tail)
    low = Self.merged(lanes.3, lanes.1 ^ Self.prime3, lanes.0, lanes.2, tail ^ Self.prime4)
  }

  /// The digest of an array's contents.
  public init(of bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { Digest(of: $0) }
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotated(lane &+ input &* prime2, 31) &* prime1
  }

  private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value << bits | value >> (64 - bits)
  }

  private static func merged(
    _ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64, _ tail: UInt64
  ) -> UInt64 {
    var sum = rotated(a, 1) &+ rotated(b, 7) &+ rotated(c, 12) &+ rotated(d, 18)
    for lane in [a, b, c, d, tail] { sum = (sum ^ round(0, lane)) &* prime1 &+ prime4 }
    sum = (sum ^ sum >> 33) &* prime2
    sum = (sum ^ sum >> 29) &* prime3
    return sum ^ sum >> 32
  }

  /// 32 hexadecimal digits.
  public var digits: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }.joined()
  }
}

extension Digest: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(high: try reader.integer(), low: try reader.integer())
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(high)
    writer.write(low)
  }
}
