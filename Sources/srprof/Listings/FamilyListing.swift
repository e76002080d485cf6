internal import Networks

/// The families of networks, to print.
struct FamilyListing: Encodable {
  struct Family: Encodable {
    let name: String
    let summary: String
    let isBlock: Bool
    let keys: [Key]
  }

  struct Key: Encodable {
    let name: String
    let `default`: String
    let values: String
    let meaning: String
  }

  let families = NetworkFamily.all.map { family in
    Family(
      name: family.name, summary: family.summary, isBlock: family.isBlock,
      keys: family.keys.map {
        Key(name: $0.name, default: $0.fallback, values: $0.values, meaning: $0.meaning)
      })
  }

  private enum CodingKeys: CodingKey {
    case families
  }

  static var text: TerminalText {
    let networks = NetworkFamily.all.filter { !$0.isBlock }
    let blocks = NetworkFamily.all.filter(\.isBlock)
    return """
      A network is FAMILY:KEY=VALUE,... as in wdsr-b:blocks=16,channels=32,scale=4. Keys stand here with their
      defaults. srprof networks NETWORK lists layers.

      \(text(networks, "All networks also have"))
      \(text(blocks, "All blocks also have"))
      """
  }

  private static func text(_ families: [NetworkFamily], _ common: String) -> TerminalText {
    let own: [TerminalText] = families.map { family in
      let name = TerminalText(escaping: family.name).styled(.bold)
      return "\(name)  \(family.summary)\n\(text(family.ownKeys))\n"
    }
    return "\(own.joined())\(common)\n\(text(families.first?.commonKeys ?? []))"
  }

  private static func text(_ keys: [NetworkFamily.Key]) -> TerminalText {
    let pairs = keys.map { "\($0.name)=\($0.fallback)" }
    let width = pairs.map(\.count).max() ?? 0
    let lines: [TerminalText] = zip(pairs, keys).map { pair, key in
      let padding = String(repeating: " ", count: width - pair.count)
      let choices = key.choices.isEmpty ? "" : " (\(key.choices.joined(separator: ", ")))"
      return "  \(pair)\(padding)  \(key.meaning.dropLast())\(choices)\n"
    }
    return lines.joined()
  }
}
