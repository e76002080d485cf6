/// A format of other programs that the rows of a table can be written in.
public enum ExportFormat: String, CaseIterable, Sendable {
  /// Comma-separated values, a line for each row, failed ones included.
  case csv
  /// The YAML of once-for-all's latency tables: `{count, mean, var}` by a key of operator and shapes.
  case ofaYAML = "ofa-yaml"
  /// The rows of NNI's `lut.txt`.
  case nni
  /// A plain JSON list of objects without nesting, a line each, failed rows included.
  case json

  /// Whether a format has a place for rows without a latency.
  private var holdsFailures: Bool { self == .csv || self == .json }

  /// The rows in this format, and how many it has no place for.
  public func text(of table: LatencyTable) -> (text: String, left: Int) {
    let rows = holdsFailures ? table.rows : table.rows.filter { $0.measurement != nil }
    let text =
      switch self {
      case .csv: FlatRow.csv(rows)
      case .json: FlatRow.json(rows)
      case .ofaYAML: OnceForAll.text(rows)
      case .nni: NNI.text(rows)
      }
    return (text, table.rows.count - rows.count)
  }
}
