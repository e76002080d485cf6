import Statistics

/// Texts: numbers, words and marks that are taken out, doubled, exchanged and made extreme.
extension [UInt8] {
  mutating func mutateTokens(with other: [UInt8], _ random: inout SplitMix64) {
    let tokens = tokens
    guard !tokens.isEmpty else { return mutate(with: other, &random) }
    let index = random.below(tokens.count)
    let token = tokens[index]
    switch random.below(10) {
    case 0: removeSubrange(token)
    case 1: insert(contentsOf: Array(self[token]), at: token.upperBound)
    case 2:
      let tokens = other.tokens
      replaceSubrange(token, with: other[tokens[random.below(tokens.count)]])
    case 3:
      // A run of tokens once more, such as a key with its value.
      let last = Swift.min(index + 1 + random.below(12), tokens.count - 1)
      let run = Array(self[token.lowerBound..<tokens[last].lowerBound])
      insert(contentsOf: run, at: token.lowerBound)
    case 4:
      let last = Swift.min(index + 1 + random.below(12), tokens.count - 1)
      removeSubrange(token.lowerBound..<tokens[last].lowerBound)
    default:
      // Numbers are what readers count with.
      let numbers = tokens.filter { self[$0.lowerBound] &- 0x30 < 10 }
      guard !numbers.isEmpty else { return mutate(with: other, &random) }
      let number = numbers[random.below(numbers.count)]
      replaceSubrange(number, with: extremeNumber(&random).utf8)
    }
  }

  /// Runs of letters, of digits (with points and exponents), of blanks; other bytes alone.
  private var tokens: [Range<Int>] {
    var tokens: [Range<Int>] = []
    var start = 0
    while start < count {
      let kind = Self.kind(self[start])
      var end = start + 1
      while end < count, kind > 0, Self.kind(self[end]) == kind || kind == 2 && self[end] == 0x2e {
        end += 1
      }
      tokens.append(start..<end)
      start = end
    }
    return tokens
  }

  private static func kind(_ byte: UInt8) -> Int {
    switch byte {
    case 0x41...0x5a, 0x61...0x7a: 1
    case 0x30...0x39: 2
    case 0x20, 0x0a: 3
    default: 0
    }
  }
}

/// A number that somebody may not have thought of, or a small one.
func extremeNumber(_ random: inout SplitMix64) -> String {
  let extremes = [
    "0", "-0", "-1", "1", "2", "3", "4", "7", "15", "16", "31", "32", "63", "64", "255", "256",
    "1000", "4095", "4096", "4097", "65535", "65536", "1048575", "1048576", "1048577",
    "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "9007199254740993",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "1e-310", "5e-324", "1e-7", "0.5", "1e18", "1e300",
    "1.7976931348623157e308", "1e309", "-1e309", "1e-400", "NaN", "Infinity", "-Infinity", "0x10",
    "1e6", "1.0", "999999999999999999999999999999",
  ]
  let choice = random.below(extremes.count + 12)
  return choice < extremes.count
    ? extremes[choice] : "\(random.below(1 << (1 + random.below(40))))"
}
