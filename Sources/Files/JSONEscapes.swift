/// The text that a string with escapes stands for; `nil` if an escape is not one of JSON's.
func unescaped(_ source: ArraySlice<UInt8>) -> String? {
  var result: [UInt8] = []
  var rest = source
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\") else {
      result.append(byte)
      continue
    }
    switch rest.popFirst() {
    case UInt8(ascii: "n"): result.append(0x0a)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "r"): result.append(0x0d)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0c)
    case let byte?
    where byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
      || byte == UInt8(ascii: "/"):
      result.append(byte)
    case UInt8(ascii: "u"):
      guard let scalar = unicodeScalar(&rest) else { return nil }
      result.append(contentsOf: String(scalar).utf8)
    default: return nil
    }
  }
  return String(validating: result, as: UTF8.self)
}

/// The scalar of the four digits after `\u`, or of a pair of surrogates written so.
private func unicodeScalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
  guard let high = fourDigits(&rest) else { return nil }
  guard 0xd800..<0xdc00 ~= high else { return Unicode.Scalar(high) }
  guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"),
    let low = fourDigits(&rest), 0xdc00..<0xe000 ~= low
  else { return nil }
  return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
}

private func fourDigits(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
  let digits = rest.prefix(4)
  rest = rest.dropFirst(4)
  guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
    return nil
  }
  return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
}
