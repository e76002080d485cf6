/// Where the tensors of a safetensors file lie:
/// `{"head.weight": {"dtype": "F32", "shape": [16, 3, 3, 3], "data_offsets": [0, 1728]}, …}`.
struct SafetensorsHeader {
  /// Ranges are those of the whole file.
  private(set) var entries: [String: Safetensors.Entry] = [:]
  private(set) var metadata: [String: String] = [:]
  /// Longer ones are refused by other readers too.
  private static let longest = 100_000_000

  init(_ bytes: [UInt8]) throws(Safetensors.Malformed) {
    guard bytes.count >= 8 else {
      throw Safetensors.Malformed(
        "is no safetensors file: it has \(bytes.count) bytes, and the length of its header has 8")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= Self.longest else {
      throw Safetensors.Malformed(
        "is no safetensors file: its header would have \(length) bytes, more than "
          + "\(Self.longest)")
    }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw Safetensors.Malformed(
        "ends too soon: its header has \(length) bytes, and \(bytes.count - 8) are there")
    }
    var reader = JSONReader(Array(bytes[8..<start]))
    do throws(JSONError) {
      try reader.readValue()
      if reader.peek() != nil { throw reader.failure("something follows the end") }
    } catch {
      throw Safetensors.Malformed("has a header that \(error.description)")
    }
    try read(reader)
    try place(from: start, to: bytes.count)
  }

  /// All members of the header; ranges count from the first number.
  private mutating func read(_ reader: JSONReader) throws(Safetensors.Malformed) {
    let tokens = reader.tokens
    guard tokens.first?.kind == .object else {
      throw Safetensors.Malformed("has a header that is no JSON object")
    }
    for key in reader.keys(of: 0) {
      guard let name = reader.text(tokens[key]) else {
        throw Safetensors.Malformed("has a tensor whose name is not UTF-8")
      }
      if name == "__metadata__" {
        metadata = try reader.texts(key + 1)
      } else {
        entries[name] = try reader.entry(key + 1, name)
      }
    }
  }

  /// Moves the ranges to where the numbers begin; they fill the file without gaps.
  private mutating func place(from start: Int, to end: Int) throws(Safetensors.Malformed) {
    var next = 0
    let order = entries.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    for (name, entry) in order {
      let range = entry.range
      guard range.lowerBound == next else {
        throw Safetensors.Malformed(
          "tensor '\(name)' begins at byte \(range.lowerBound) of the numbers, and the one before it ends "
            + "at \(next)")
      }
      guard range.upperBound <= end - start else {
        throw Safetensors.Malformed(
          "ends too soon: tensor '\(name)' ends at byte \(range.upperBound) of the numbers, and "
            + "\(end - start) are there")
      }
      next = range.upperBound
      entries[name] = Safetensors.Entry(
        element: entry.element, shape: entry.shape,
        range: range.lowerBound + start..<range.upperBound + start)
    }
    guard next == end - start else {
      throw Safetensors.Malformed("has \(end - start - next) bytes behind its last tensor")
    }
  }

  /// The header of these tensors, a multiple of eight bytes long.
  static func text(
    _ entries: [String: Safetensors.Entry], _ metadata: [String: String]
  ) -> [UInt8] {
    var members = entries.sorted { $0.value.range.lowerBound < $1.value.range.lowerBound }
      .map { name, entry in
        let range = entry.range
        return
          "\(quoted(name)):{\"dtype\":\"\(entry.element.rawValue)\",\"shape\":\(entry.shape),"
          + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}"
      }
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0)):\(quoted($1))" }
      members.insert("\"__metadata__\":{\(pairs.joined(separator: ","))}", at: 0)
    }
    let text = "{\(members.joined(separator: ","))}"
    return Array((text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)).utf8)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSONReader {
  /// The texts of an object.
  fileprivate func texts(_ index: Int) throws(Safetensors.Malformed) -> [String: String] {
    var result: [String: String] = [:]
    guard tokens[index].kind == .object else {
      throw Safetensors.Malformed("has metadata that are no object of texts")
    }
    for key in keys(of: index) {
      guard let name = text(tokens[key]), let value = text(tokens[key + 1]) else {
        throw Safetensors.Malformed("has metadata that are no object of texts")
      }
      result[name] = value
    }
    return result
  }

  /// The description of a tensor.
  fileprivate func entry(
    _ index: Int, _ name: String
  ) throws(Safetensors.Malformed) -> Safetensors.Entry {
    func refuse(_ sentence: String) -> Safetensors.Malformed {
      Safetensors.Malformed("tensor '\(name)' \(sentence)")
    }
    guard tokens[index].kind == .object else { throw refuse("is described by no object") }
    var members: [String: Int] = [:]
    for key in keys(of: index) {
      if let name = text(tokens[key]) { members[name] = key + 1 }
    }
    guard let type = members["dtype"].flatMap({ text(tokens[$0]) }) else {
      throw refuse("has no dtype")
    }
    guard let element = Safetensors.Element(rawValue: type) else {
      throw refuse(
        "has numbers of the kind '\(type)'; F32, F16 and U8 can be read: save tensor.float()")
    }
    guard let shape = members["shape"].flatMap(wholeNumbers) else {
      throw refuse("has no shape, which is a list of sizes")
    }
    guard let offsets = members["data_offsets"].flatMap(wholeNumbers), offsets.count == 2,
      offsets[0] <= offsets[1]
    else { throw refuse("has no data_offsets, which are its first byte and the one behind it") }
    let (bytes, overflow) = (Safetensors.count(of: shape) ?? .max)
      .multipliedReportingOverflow(by: element.byteCount)
    guard !overflow, bytes == offsets[1] - offsets[0] else {
      throw refuse(
        "has \(offsets[1] - offsets[0]) bytes, which are not those of \(type) of the shape \(shape)"
      )
    }
    return Safetensors.Entry(element: element, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// A list of whole numbers that are not negative; `nil` for anything else.
  private func wholeNumbers(_ index: Int) -> [Int]? {
    guard tokens[index].kind == .array else { return nil }
    var result: [Int] = []
    var element = index + 1
    while element < tokens[index].next {
      guard tokens[element].kind == .number,
        let whole = Int(exactly: number(tokens[element])), whole >= 0
      else { return nil }
      result.append(whole)
      element = tokens[element].next
    }
    return result
  }
}
