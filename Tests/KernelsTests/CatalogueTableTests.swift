import Foundation
import Kernels
import Testing

/// The table of schedules in Shaders/README.md, which people read.
@Suite struct `The catalogue of schedules` {
  /// One line for each algorithm: what the names of its schedules have, in the order of the catalogue.
  private static func table() throws -> [String] {
    var order: [Schedule.Algorithm] = []
    var columns: [Schedule.Algorithm: [[String]]] = [:]
    for name in Schedule.catalogue {
      let schedule = try Schedule(parsing: name)
      if columns[schedule.algorithm] == nil {
        order.append(schedule.algorithm)
        columns[schedule.algorithm] = [[], [], [], [], []]
      }
      let hasTile = schedule.algorithm != .elementwise && schedule.algorithm != .reduction
      let cells = [
        hasTile ? "\(schedule.tileWidth)x\(schedule.tileHeight)x\(schedule.tileBlocks * 4)" : "",
        "\(schedule.groupWidth)x\(schedule.groupHeight)", schedule.input.rawValue,
        hasTile ? schedule.weights.rawValue : "", schedule.unroll > 1 ? "\(schedule.unroll)" : "",
      ]
      for (column, cell) in cells.enumerated()
      where !cell.isEmpty && columns[schedule.algorithm]?[column].contains(cell) == false {
        columns[schedule.algorithm]?[column].append(cell)
      }
    }
    return order.map { algorithm in
      let cells = (columns[algorithm] ?? []).map { $0.joined(separator: ", ") }
      return "| `\(algorithm.rawValue)` | " + cells.joined(separator: " | ") + " |"
    }
  }

  @Test func `is in the table that people read`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Shaders/README.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let table = try Self.table().joined(separator: "\n")
    #expect(text.contains(table), "Shaders/README.md should have:\n\(table)")
  }
}
