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

  var text: String {
    """
    A network is FAMILY:KEY=VALUE,... such as wdsr-b:blocks=16,channels=32,scale=4. Keys are listed with their
    defaults; srprof networks NETWORK lists its layers.

    \(families.map(Self.text).joined(separator: "\n"))
    """
  }

  private static func text(_ family: Family) -> String {
    let pairs = family.keys.map { "\($0.name)=\($0.default)" }
    let width = pairs.map(\.count).max() ?? 0
    let lines = zip(pairs, family.keys).map { pair, key in
      let padding = String(repeating: " ", count: width - pair.count)
      return "  \(pair)\(padding)  \(key.meaning)\n"
    }
    return Terminal.styled(family.name, .bold) + "  \(family.summary)\n" + lines.joined()
  }
}
