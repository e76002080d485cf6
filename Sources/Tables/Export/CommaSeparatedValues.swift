/// Lines of comma-separated values (RFC 4180, but with plain line feeds), safe to open in a spreadsheet: a cell
/// that it would take for a formula begins with an apostrophe, which makes it a text there.
public struct CommaSeparatedValues {
  /// The lines so far.
  public private(set) var text = ""

  /// Begins with a line of titles.
  public init(titles: [String]) {
    add(titles)
  }

  /// Adds a line.
  public mutating func add(_ cells: [String]) {
    text += cells.map(Self.quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    if isFormula(cell) { return inQuotes("'" + cell) }
    // By scalars: a comma with an accent on it separates cells too.
    let isPlain = cell.unicodeScalars.allSatisfy { $0 != "," && $0 != "\"" && !isNewline($0) }
    return isPlain ? cell : inQuotes(cell)
  }

  /// Whether a spreadsheet computes it: by its first character, but for numbers with a sign.
  private static func isFormula(_ cell: String) -> Bool {
    guard let first = cell.unicodeScalars.first else { return false }
    // The last four are the wide forms of the first.
    let begins = "=+-@\t\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".unicodeScalars.contains(first)
    return (begins || isNewline(first)) && Double(cell) == nil
  }

  private static func isNewline(_ scalar: Unicode.Scalar) -> Bool { Character(scalar).isNewline }

  private static func inQuotes(_ cell: String) -> String {
    "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
