internal import Files
public import Networks

extension SearchedNetwork {
  /// Reads ``json``, or a candidate as people write it.
  ///
  /// - Throws: What is wrong, with its place.
  public init(json bytes: [UInt8]) throws(InvalidNetwork) {
    var reader = JSONReader(bytes)
    guard (try? reader.readValue()) != nil, reader.tokens[0].kind == .object,
      let family = Self.text("family", reader), family != "wdsr"
    else {
      self = .candidate(try Candidate(json: bytes))
      return
    }
    guard family == "splitsr" else {
      throw InvalidNetwork("family: is wdsr or splitsr, not '\(family)'")
    }
    var settings: [String] = []
    var key = 1
    while key < reader.tokens[0].next {
      let (name, value) = (reader.text(reader.tokens[key]) ?? "", reader.tokens[key + 1])
      if name != "family" {
        let text =
          reader.text(value) ?? String(decoding: bytes[value.start..<value.end], as: UTF8.self)
        settings.append("\(name)=\(text)")
      }
      key = value.next
    }
    self = .splitSR(try NetworkDescription(parsing: "splitsr:" + settings.joined(separator: ",")))
  }

  private static func text(_ name: String, _ reader: JSONReader) -> String? {
    var key = 1
    while key < reader.tokens[0].next {
      if reader.text(reader.tokens[key]) == name { return reader.text(reader.tokens[key + 1]) }
      key = reader.tokens[key + 1].next
    }
    return nil
  }
}
