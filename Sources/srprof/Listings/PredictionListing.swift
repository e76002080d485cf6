internal import Prediction
internal import Report
internal import Tables
internal import Workloads

/// A prediction as text and as JSON.
struct PredictionListing {
  private let network: String
  private let prediction: NetworkPrediction
  private let table: LatencyTable

  init(_ network: String, _ prediction: NetworkPrediction, _ table: LatencyTable) {
    self.network = network
    self.prediction = prediction
    self.table = table
  }

  /// The total, where it comes from, by operator, and the slowest rows.
  func text(limit: Int) -> TerminalText {
    let low = Format.duration(nanoseconds: prediction.lowNanoseconds)
    let high = Format.duration(nanoseconds: prediction.highNanoseconds)
    var lines: [TerminalText] = [
      "network      \(network)",
      "device       \(table.device.nameAndKind)",
      "latency      \(Format.duration(nanoseconds: prediction.nanoseconds)), 95 % interval "
        + "\(low) to \(high)",
      "dispatches   \(prediction.dispatches) of \(prediction.parts.count) workloads",
      "rows         "
        + RowPrediction.Basis.allCases.map {
          "\(Format.percent(prediction.share($0))) \($0.rawValue)"
        }.joined(separator: ", ") + " of their sum",
    ]
    if let additivity = prediction.additivity {
      lines.append(
        "calibration  adds \(Format.duration(nanoseconds: prediction.addedNanoseconds)), fitted on "
          + "\(additivity.networks) networks to \(Format.percent(additivity.relativeSpread))")
    } else {
      lines.append("calibration  none: this is the sum of the rows (see srprof calibrate)")
    }
    return lines.joined(separator: "\n") + "\n\n" + operators.text
      + (limit > 0 ? "\n" + rows(limit).text : "")
      + (0 < limit && limit < prediction.parts.count
        ? "and \(prediction.parts.count - limit) faster ones (--limit)\n" : "")
  }

  private func share(_ nanoseconds: Double) -> String {
    Format.percent(nanoseconds / prediction.nanoseconds)
  }

  private var operators: TextTable {
    var sums: [String: (count: Int, nanoseconds: Double)] = [:]
    for part in prediction.parts {
      let word = part.workload.words.first ?? ""
      sums[word, default: (0, 0)].count += part.count
      sums[word, default: (0, 0)].nanoseconds += part.nanoseconds
    }
    var table = TextTable([
      ("operator", .left), ("times", .right), ("total", .right), ("share", .right),
    ])
    for (word, sum) in sums.sorted(by: {
      ($1.value.nanoseconds, $0.key) < ($0.value.nanoseconds, $1.key)
    }) {
      table.add([
        word, "\(sum.count)", Format.duration(nanoseconds: sum.nanoseconds),
        share(sum.nanoseconds),
      ])
    }
    if prediction.additivity != nil {
      table.add([
        "calibration", "", Format.duration(nanoseconds: prediction.addedNanoseconds),
        share(prediction.addedNanoseconds),
      ])
    }
    return table
  }

  private func rows(_ limit: Int) -> TextTable {
    var table = TextTable([
      ("workload", .left), ("times", .right), ("each", .right), ("interval", .right),
      ("total", .right), ("share", .right), ("row", .left),
    ])
    for part in prediction.parts.sorted(by: { $0.nanoseconds > $1.nanoseconds }).prefix(limit) {
      let row = part.row
      let half = (row.highNanoseconds - row.lowNanoseconds) / 2 / row.nanoseconds
      table.add([
        part.workload.name, "\(part.count)", Format.duration(nanoseconds: row.nanoseconds),
        "+-\(Format.halfWidth(half))", Format.duration(nanoseconds: part.nanoseconds),
        share(part.nanoseconds), row.basis.rawValue,
      ])
    }
    return table
  }

  /// Everything, for JSON.
  var figures: Figures {
    Figures(
      network: network, fingerprint: table.fingerprint, nanoseconds: prediction.nanoseconds,
      lowNanoseconds: prediction.lowNanoseconds, highNanoseconds: prediction.highNanoseconds,
      rowNanoseconds: prediction.rowNanoseconds, addedNanoseconds: prediction.addedNanoseconds,
      dispatches: prediction.dispatches,
      shares: Dictionary(
        uniqueKeysWithValues: RowPrediction.Basis.allCases.map {
          ($0.rawValue, prediction.share($0))
        }),
      additivity: prediction.additivity,
      rows: prediction.parts.map { part in
        Figures.Row(
          name: part.workload.name, workload: part.workload, count: part.count,
          nanoseconds: part.row.nanoseconds, lowNanoseconds: part.row.lowNanoseconds,
          highNanoseconds: part.row.highNanoseconds, basis: part.row.basis)
      })
  }

  struct Figures: Encodable {
    let network: String
    let fingerprint: String
    let nanoseconds: Double
    let lowNanoseconds: Double
    let highNanoseconds: Double
    let rowNanoseconds: Double
    let addedNanoseconds: Double
    let dispatches: Int
    let shares: [String: Double]
    let additivity: Additivity?
    let rows: [Row]

    struct Row: Encodable {
      let name: String
      let workload: Workload
      let count: Int
      let nanoseconds: Double
      let lowNanoseconds: Double
      let highNanoseconds: Double
      let basis: RowPrediction.Basis
    }
  }
}
