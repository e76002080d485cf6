import Statistics

/// Messages of Protocol Buffers, whose fields are taken out, doubled, exchanged and given other values;
/// the lengths around them are right again afterwards.
extension [UInt8] {
  mutating func mutateFields(_ random: inout SplitMix64) {
    guard var fields = ProtobufField.fields(of: self[...]), !fields.isEmpty else {
      return mutate(with: self, &random)
    }
    let index = random.below(fields.count)
    if case .bytes(var inside) = fields[index].value,
      ProtobufField.fields(of: inside[...]) != nil, random.below(5) > 0
    {
      inside.mutateFields(&random)
      fields[index].value = .bytes(inside)
    } else {
      switch random.below(6) {
      case 0: fields.remove(at: index)
      case 1: fields.insert(fields[index], at: random.below(fields.count))
      case 2: fields.swapAt(index, random.below(fields.count))
      case 3: fields[index].number = UInt64(1 + random.below(32))
      default: fields[index].value.mutate(&random)
      }
    }
    self = fields.flatMap(\.encoded)
  }
}

/// A field, as it is on the wire.
private struct ProtobufField {
  enum Value {
    case number(UInt64)
    case bytes([UInt8])
    /// Of 4 or 8 bytes.
    case fixed([UInt8])

    mutating func mutate(_ random: inout SplitMix64) {
      switch self {
      case .number(let number):
        let extremes: [UInt64] = [
          0, 1, 2, 3, 127, 255, number &+ 1, number &- 1, 1 << 20, 1 << 31, 1 << 32, 1 << 62,
          .max >> 1, .max, 1 << 63,
        ]
        self = .number(extremes[random.below(extremes.count)])
      case .bytes(var bytes):
        bytes.mutate(with: bytes.isEmpty ? [1] : bytes, &random)
        self = .bytes(bytes)
      case .fixed(var bytes):
        bytes[random.below(bytes.count)] = [0, 0x7f, 0x80, 0xff][random.below(4)]
        self = .fixed(bytes)
      }
    }
  }

  var number: UInt64
  var value: Value

  /// The fields of a message; `nil` for bytes that are none.
  static func fields(of message: ArraySlice<UInt8>) -> [ProtobufField]? {
    var rest = message
    var fields: [ProtobufField] = []
    while !rest.isEmpty {
      guard let tag = varint(&rest), tag >> 3 > 0, tag >> 3 < 64 else { return nil }
      let value: Value
      switch tag & 7 {
      case 0:
        guard let number = varint(&rest) else { return nil }
        value = .number(number)
      case 2:
        guard let count = varint(&rest), count <= rest.count else { return nil }
        value = .bytes(Array(rest.prefix(Int(count))))
        rest = rest.dropFirst(Int(count))
      case let wire where wire == 1 || wire == 5:
        let count = wire == 1 ? 8 : 4
        guard rest.count >= count else { return nil }
        value = .fixed(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      default: return nil
      }
      fields.append(ProtobufField(number: tag >> 3, value: value))
    }
    return fields
  }

  var encoded: [UInt8] {
    switch value {
    case .number(let number): Self.varint(number, tag: self.number << 3)
    case .bytes(let bytes): Self.varint(UInt64(bytes.count), tag: number << 3 | 2) + bytes
    case .fixed(let bytes): Self.varint(number << 3 | (bytes.count == 8 ? 1 : 5)) + bytes
    }
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      number |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 { return number }
    }
    return nil
  }

  private static func varint(_ number: UInt64) -> [UInt8] {
    var (bytes, rest): ([UInt8], UInt64) = ([], number)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func varint(_ number: UInt64, tag: UInt64) -> [UInt8] {
    varint(tag) + varint(number)
  }
}
