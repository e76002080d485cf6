/// FNV-1a, 64 bits: tells texts and binaries apart; no protection against forgery.
/// Source: Fowler, Noll, Vo, draft-eastlake-fnv.
public struct FNV1a: Sendable {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  /// Adds bytes.
  public mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Adds a text and its end, so that `a`, `bc` and `ab`, `c` differ.
  public mutating func combine(_ text: String) {
    combine(text.utf8)
    combine([0xff])
  }

  /// 16 hexadecimal digits.
  public var digits: String {
    let text = String(state, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
