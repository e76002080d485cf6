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
  var text: String {
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].title.count) { max($0, $1[column].count) }
    }
    func line(_ cells: [String]) -> String {
      var line = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += columns[column].alignment == .left ? cell + padding : padding + cell
        line += "  "
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let title = String(line(columns.map(\.title)).dropLast())
    return Terminal.styled(title, .bold) + "\n" + rows.map(line).joined()
  }

  /// The same as a table of Markdown.
  var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    let rule = columns.map { $0.alignment == .left ? "---" : "---:" }
    return line(columns.map(\.title)) + line(rule) + rows.map(line).joined()
  }

  /// The same as comma-separated values.
  var csv: String {
    var lines = CommaSeparatedValues(titles: columns.map(\.title))
    for row in rows { lines.add(row) }
    return lines.text
  }
}
