internal import Files
public import Networks

extension SearchedNetwork {
  /// Reads ``json``, or a candidate as people write it.
  ///
  /// - Throws: What is wrong, with its place.
  public init(json bytes: [UInt8]) throws(InvalidNetwork) {
    var reader = JSONReader(bytes)
    guard (try? reader.readValue()) != nil, reader.tokens[0].kind == .object,
      let family = reader.value("family").flatMap({ reader.text(reader.tokens[$0]) }),
      family != "wdsr"
    else {
      self = .candidate(try Candidate(json: bytes))
      return
    }
    guard family == "splitsr" else {
      throw InvalidNetwork("family: is wdsr or splitsr, not '\(family)'")
    }
    var settings: [String] = []
    for key in reader.keys(of: 0) {
      let (name, value) = (reader.text(reader.tokens[key]) ?? "", reader.tokens[key + 1])
      if name != "family" {
        let text =
          reader.text(value) ?? String(decoding: bytes[value.start..<value.end], as: UTF8.self)
        settings.append("\(name)=\(text)")
      }
    }
    self = .splitSR(try NetworkDescription(parsing: "splitsr:" + settings.joined(separator: ",")))
  }
}
