internal import Statistics

/// The patterns that a pattern-pruned convolution's 3x3 kernels may have, each a choice of as many of
/// the nine weights.
///
/// A library is data: PatDNN's implementations use eight patterns of four, others of five.
public struct PatternLibrary: Hashable, Sendable {
  /// The patterns in the order they are numbered in; bit `ky * 3 + kx` is set where a weight is kept.
  public let patterns: [UInt16]

  /// Weights that every pattern keeps, of nine.
  public var entries: Int { patterns.first?.nonzeroBitCount ?? 0 }

  /// The eight patterns of four weights that 7bvcxz/PatDNN uses: four L-shapes without the centre,
  /// and the four 2x2 corners.
  public static let `default` = PatternLibrary(
    patterns: [
      0b1_1100_1000, 0b1_1110_0000, 0b0_0000_1111, 0b0_0010_0111,
      0b0_0001_1011, 0b0_0011_0110, 0b0_1101_1000, 0b1_1011_0000,
    ])

  /// Takes patterns as they are: different, of one count, not empty.
  init(patterns: [UInt16]) {
    self.patterns = patterns
  }

  /// Reads patterns written as nine digits, row by row, 1 where a weight is kept: `000100111`.
  public init(_ words: [String]) throws(InvalidPattern) {
    var patterns: [UInt16] = []
    for (index, word) in words.enumerated() {
      func refuse(_ sentence: String) -> InvalidPattern {
        InvalidPattern(index: index, description: sentence)
      }
      let digits = Array(word.utf8)
      guard digits.count == 9, digits.allSatisfy({ $0 == 0x30 || $0 == 0x31 }) else {
        throw refuse("a pattern is nine digits 0 or 1, as in 000100111")
      }
      let pattern = digits.reversed().reduce(UInt16(0)) { $0 << 1 | UInt16($1 - 0x30) }
      guard pattern != 0 else { throw refuse("a pattern keeps at least one weight") }
      guard !patterns.contains(pattern) else { throw refuse("\(word) is in the library twice") }
      if let first = patterns.first, first.nonzeroBitCount != pattern.nonzeroBitCount {
        throw refuse(
          "\(word) keeps \(pattern.nonzeroBitCount) weights and the patterns before it "
            + "\(first.nonzeroBitCount); a library's patterns keep equally many")
      }
      patterns.append(pattern)
    }
    guard !patterns.isEmpty else {
      throw InvalidPattern(index: nil, description: "a pattern library has at least one pattern")
    }
    self.patterns = patterns
  }

  /// The patterns as ``init(_:)`` reads them.
  public var words: [String] {
    patterns.map { pattern in
      String((0..<9).map { pattern >> $0 & 1 == 1 ? "1" : "0" })
    }
  }

  /// 16 hexadecimal digits that tell libraries apart.
  public var digest: String { digestText(patterns.lazy.map(UInt64.init)) }
}

/// Why words do not make a pattern library, in one sentence.
public struct InvalidPattern: Error, Hashable, CustomStringConvertible {
  /// The first word that is wrong; `nil` if it is the library as a whole.
  public let index: Int?
  public let description: String
}

/// 16 hexadecimal digits that tell lists of numbers apart; no protection against forgery.
func digestText(_ numbers: some Sequence<UInt64>) -> String {
  let state = numbers.reduce(0) { SplitMix64.mixed(($0 &+ 0x9E37_79B9_7F4A_7C15) ^ $1) }
  let digits = String(state, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
