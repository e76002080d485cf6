internal import ArgumentParser
internal import Files
internal import Tables

/// `srprof merge`: tables of one model of device, such as those of shards, in one.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join latency tables of one model of device, such as those of shards.",
    discussion: """
      Of a workload that several tables have, the row with the narrowest interval is kept, with the samples of \
      all; a measured row beats a failed one, and the best of all ceilings count. Rows that contradict each \
      other are named. While rows of the profile are missing, the exit code is 1.

      Example: srprof merge shard-1.json shard-2.json shard-3.json --output my-gpu.json
      """)

  @Argument(
    help: "Files of the tables, two or more.", completion: .file(extensions: ["json"]))
  var tables: [String]

  @Option(name: .shortAndLong, help: "File of the merged table; - for standard output.")
  var output: String

  func validate() throws {
    guard tables.count > 1 else { throw ValidationError("merge takes two tables or more.") }
  }

  func run() throws {
    try requireDifferentFiles()
    let output = try OutputFile(path: output, besides: tables)
    let inputs = try tables.map { name throws(CommandFailure) in
      MergedTable.Input(name, try LatencyTable(argument: name))
    }
    let merged: MergedTable
    do throws(MergedTable.Conflict) {
      merged = try MergedTable(inputs[0], Array(inputs.dropFirst()))
    } catch {
      throw CommandFailure(.badFile, error.description)
    }
    for disagreement in merged.disagreements { Terminal.note("warning: " + disagreement) }
    try output.write(merged.table)
    let rows = merged.table.rows.count
    let failed = merged.table.rows.count { $0.failure != nil }
    guard merged.table.complete else {
      let promised = merged.table.sweep.map { " of \($0.rows)" } ?? ""
      throw CommandFailure(
        .someRowsFailed,
        "\(output.name) has \(rows)\(promised) rows of \(merged.table.profile), which is not complete: "
          + "merge it with the rest")
    }
    Terminal.note(
      "\(rows) rows\(failed > 0 ? ", \(failed) of them failed," : "") of \(tables.count) tables; "
        + "table: \(output.name)")
  }

  private func requireDifferentFiles() throws(CommandFailure) {
    var places: [FilePlace: String] = [:]
    for table in tables {
      guard let place = FilePlace(table) else { continue }
      if let other = places.updateValue(table, forKey: place) {
        throw CommandFailure(
          .usage, other == table ? "\(table) is given twice" : "\(table) and \(other) are one file")
      }
    }
  }
}
