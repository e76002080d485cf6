/// Lines of comma-separated values (RFC 4180, but with plain line feeds).
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
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
