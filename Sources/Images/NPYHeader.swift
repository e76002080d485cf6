/// What an NPY file says about its numbers: a literal of Python, as in
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 180, 320), }`.
struct NPYHeader {
  /// How a number is stored.
  enum Element: String {
    case uint8 = "u1"
    case float16 = "f2"
    case float32 = "f4"
    case float64 = "f8"

    var byteCount: Int {
      switch self {
      case .uint8: 1
      case .float16: 2
      case .float32: 4
      case .float64: 8
      }
    }
  }

  let element: Element
  let isBigEndian: Bool
  /// Whether the first index is the fastest.
  let isFortranOrder: Bool
  let sizes: [Int]
  /// Where numbers begin.
  let end: Int

  init(_ bytes: [UInt8], file: String) throws(ImageError) {
    func refuse(_ what: String) -> ImageError {
      ImageError(file, what, "save it again with numpy.save")
    }
    guard bytes.count >= 10, bytes.starts(with: NPY.magic) else {
      throw refuse("is not an NPY file")
    }
    guard (1...3).contains(bytes[6]) else {
      throw refuse("has NPY's format \(bytes[6]).\(bytes[7]), not 1.0 to 3.0")
    }
    // Version 1 has two bytes for the length, later ones four.
    let start = bytes[6] == 1 ? 10 : 12
    let length = bytes[8..<min(start, bytes.count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start <= bytes.count, length <= bytes.count - start else {
      throw ImageError(
        file, "ends in the middle of its header, after \(bytes.count) bytes",
        "copy it again from where it is whole")
    }
    end = start + length
    var literal = PythonLiteral(bytes[start..<end])
    guard let fields = literal.dictionary() else { throw refuse("has a header that is no NPY's") }
    guard case .string(let type)? = fields["descr"] else {
      throw refuse("has numbers of several kinds")
    }
    guard let order = type.first, "<>|=".contains(order),
      let element = Element(
        rawValue: String(type.dropFirst()))
    else {
      throw ImageError(
        file, "has numbers of the kind '\(type)'", "save it as float32: array.astype('float32')")
    }
    guard case .bool(let isFortranOrder)? = fields["fortran_order"],
      case .tuple(let sizes)? = fields["shape"]
    else { throw refuse("has a header without its order or its shape") }
    self.element = element
    self.isFortranOrder = isFortranOrder
    self.sizes = sizes
    isBigEndian = order == ">"
  }
}

/// Reads the literals of Python that NPY's headers are made of.
private struct PythonLiteral {
  enum Value {
    case string(String)
    case bool(Bool)
    case tuple([Int])
    /// A list, of whatever.
    case list
  }

  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) {
    rest = text
  }

  /// `{'key': value, …}`; `nil` for anything else.
  mutating func dictionary() -> [String: Value]? {
    guard take("{") else { return nil }
    var fields: [String: Value] = [:]
    while !take("}") {
      guard let key = string(), take(":"), let value = value() else { return nil }
      fields[key] = value
      guard take(",") || next == UInt8(ascii: "}") else { return nil }
    }
    return fields
  }

  private mutating func value() -> Value? {
    if take("True") { return .bool(true) }
    if take("False") { return .bool(false) }
    if next == UInt8(ascii: "(") { return tuple().map(Value.tuple) }
    if next == UInt8(ascii: "[") { return skipList() ? .list : nil }
    return string().map(Value.string)
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      guard let number = number() else { return nil }
      numbers.append(number)
      guard take(",") || next == UInt8(ascii: ")") else { return nil }
    }
    return numbers
  }

  private mutating func number() -> Int? {
    skipSpace()
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    rest = rest[digits.endIndex...]
    // Python 2 wrote 3L.
    _ = take("L")
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private mutating func string() -> String? {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
      let end = rest.dropFirst().firstIndex(of: quote)
    else { return nil }
    let text = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func skipList() -> Bool {
    var depth = 0
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: "]") { depth -= 1 }
      if depth == 0 { return true }
    }
    return false
  }

  /// The next byte that is no space.
  private var next: UInt8? {
    mutating get {
      skipSpace()
      return rest.first
    }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
  }
}
