internal import ArgumentParser
internal import FoundationEssentials

/// How a list is printed.
enum ListingFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, csv, json
}

/// How a comparison is printed: as a list, or in three lines.
enum ComparisonFormat: String, ExpressibleByArgument, CaseIterable {
  case text, markdown, csv, json, summary
}

extension Encodable {
  /// The value as JSON on many lines, keys sorted.
  func prettyJSON() throws(CommandFailure) -> TerminalText {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return TerminalText(lines: String(decoding: try encoder.encode(self), as: UTF8.self))
    } catch {
      throw CommandFailure(.badFile, "the result cannot be written as JSON: \(error)")
    }
  }
}
