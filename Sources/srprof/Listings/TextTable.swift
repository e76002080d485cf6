internal import Report
internal import Tables

/// Rows of text in aligned columns.
struct TextTable {
  enum Alignment {
    case left, right
  }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) {
    self.columns = columns
  }

  /// Adds a row with a cell for each column.
  mutating func add(_ cells: [String]) {
    rows.append(cells)
  }

  /// Title line and rows, each ending in a newline, without trailing spaces.
  var text: TerminalText {
    let titles = columns.map { TerminalText(escaping: $0.title).text }
    let rows = rows.map { $0.map { TerminalText(escaping: $0).text } }
    let widths = columns.indices.map { column in
      rows.reduce(titles[column].count) { max($0, $1[column].count) }
    }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += columns[column].alignment == .left ? cell + padding : padding + cell
        line += "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    let title: TerminalText = "\(line(titles))"
    return title.styled(.bold) + "\n" + rows.map { "\(line($0))\n" }.joined()
  }

  /// The same as a table of Markdown.
  var markdown: TerminalText {
    func line(_ cells: [String]) -> TerminalText { "| \(cells.joined(separator: " | ")) |\n" }
    let rule = columns.map { $0.alignment == .left ? "---" : "---:" }
    let lines = [columns.map(\.title)] + rows
    let escaped = lines.map { $0.map(\.escapedForMarkdown) }
    return ([escaped[0], rule] + escaped.dropFirst()).map(line).joined()
  }

  /// The same as comma-separated values.
  var csv: TerminalText {
    var lines = CommaSeparatedValues(titles: columns.map(\.title))
    for row in rows { lines.add(row) }
    return TerminalText(lines: lines.text)
  }
}
