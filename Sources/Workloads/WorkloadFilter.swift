/// Chooses workloads by name: every word of the pattern matches some word of the name, where `*`
/// stands for any text and `?` for any character, as in `conv3x3 32->* 90x160`.
public struct WorkloadFilter: Hashable, Sendable {
  /// The words that must match.
  public let patterns: [String]

  /// `nil` if `text` holds no word.
  public init?(_ text: String) {
    patterns = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
    if patterns.isEmpty { return nil }
  }

  /// Whether every pattern word matches a word of the workload's name.
  public func matches(_ workload: Workload) -> Bool {
    let words = workload.words.map { Array($0.utf8) }
    return patterns.allSatisfy { pattern in
      words.contains { Self.glob(Array(pattern.utf8), matches: $0) }
    }
  }

  /// Greedy wildcard match with one point to return to, linear in practice.
  private static func glob(_ pattern: [UInt8], matches text: [UInt8]) -> Bool {
    let any = UInt8(ascii: "*")
    let one = UInt8(ascii: "?")
    var (p, t) = (0, 0)
    var lastAny: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == any {
        lastAny = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == one || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let back = lastAny {
        lastAny = (back.pattern, back.text + 1)
        p = back.pattern + 1
        t = back.text + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == any }
  }
}
