/// Texts and numbers of the token list.
extension JSONReader {
  /// The text of a string, or `nil` for another value and for text that is not UTF-8.
  public func text(_ token: Token) -> String? {
    switch token.kind {
    case .string: String(validating: bytes[token.start..<token.end], as: UTF8.self)
    case .escapedString: unescaped(bytes[token.start..<token.end])
    default: nil
    }
  }

  /// The text of a value as it is written; inside the quotes for a string.
  public func source(_ token: Token) -> ArraySlice<UInt8> { bytes[token.start..<token.end] }

  /// The nearest number; infinite if none is near.
  ///
  /// Up to 15 digits and a power of ten up to 22 are both exact, and so is their quotient when
  /// rounded once (Clinger, How to Read Floating Point Numbers Accurately); others take the
  /// library's longer way.
  public func number(_ token: Token) -> Double {
    var digits = 0
    var value: UInt64 = 0
    var decimals = 0
    var index = token.start
    let negative = bytes[index] == UInt8(ascii: "-")
    if negative { index += 1 }
    var afterPoint = false
    while index < token.end {
      let byte = bytes[index]
      if byte == UInt8(ascii: ".") {
        afterPoint = true
      } else {
        digits += 1
        guard byte &- 0x30 < 10, digits <= 15 else {
          return Double(String(decoding: source(token), as: UTF8.self)) ?? .infinity
        }
        value = value * 10 + UInt64(byte - 0x30)
        if afterPoint { decimals += 1 }
      }
      index += 1
    }
    let magnitude = Double(value) / Self.powersOfTen[decimals]
    return negative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}
