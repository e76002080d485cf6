internal import Workloads

/// A row as one line: a list of names and values, the same names for all rows.
struct FlatRow {
  /// A value; `nil` where a row has none.
  fileprivate enum Value {
    case text(String?)
    case number(Double?)
    case count(Int?)
    case truth(Bool?)
  }

  private let fields: [(name: String, value: Value)]

  init(_ row: Row) {
    let (it, output) = (row.measurement, row.workload.outputShape)
    var convolution: Convolution?
    if case .convolution(let found) = row.workload.operation { convolution = found }
    let input = row.workload.activations.first { $0.operand == .input }?.shape
    fields = [
      ("name", .text(row.workload.name)), ("operator", .text(row.workload.operatorName)),
      ("elementType", .text(row.workload.elementType.rawValue)),
      ("inputChannels", .count(input?.channels)), ("inputHeight", .count(row.workload.height)),
      ("inputWidth", .count(row.workload.width)), ("outputChannels", .count(output.channels)),
      ("outputHeight", .count(output.height)), ("outputWidth", .count(output.width)),
      ("kernel", .count(convolution?.kernel)), ("stride", .count(convolution?.stride)),
      ("groups", .count(convolution?.groups)),
      ("sparsity", .text(convolution?.sparsity?.words.joined(separator: " "))),
      ("keptWeights", .count(convolution?.keptWeights)),
      ("undisturbedNanoseconds", .number(it?.latency.undisturbedNanoseconds)),
      ("lowNanoseconds", .number(it?.latency.lowNanoseconds)),
      ("highNanoseconds", .number(it?.latency.highNanoseconds)),
      ("medianNanoseconds", .number(it?.latency.medianNanoseconds)),
      ("p90Nanoseconds", .number(it?.latency.p90Nanoseconds)),
      ("samples", .count(it?.latency.samples)), ("stable", .truth(it?.latency.stable)),
      ("macs", .count(it?.efficiency.macs)), ("bytes", .count(it?.efficiency.bytes)),
      ("gigaflopsPerSecond", .number(it?.efficiency.gigaflopsPerSecond)),
      ("gigabytesPerSecond", .number(it?.efficiency.gigabytesPerSecond)),
      ("ofCeiling", .number(it?.efficiency.ofCeiling)),
      ("bound", .text(it?.efficiency.bound?.rawValue)), ("schedule", .text(it?.schedule.name)),
      ("failure", .text(row.failure.map { "\($0.kind.rawValue): \($0.reason)" })),
    ]
  }

  static func csv(_ rows: [Row]) -> String {
    var lines: CommaSeparatedValues?
    for row in rows.map(FlatRow.init) {
      if lines == nil { lines = CommaSeparatedValues(titles: row.fields.map(\.name)) }
      lines?.add(row.fields.map { $0.value.plain ?? "" })
    }
    return lines?.text ?? ""
  }

  static func json(_ rows: [Row]) -> String {
    let lines = rows.map { row in
      "{"
        + FlatRow(row).fields.map { "\"\($0.name)\": \($0.value.json)" }.joined(separator: ", ")
        + "}"
    }
    return "[\n" + lines.joined(separator: ",\n") + "\n]\n"
  }
}

extension FlatRow.Value {
  fileprivate var plain: String? {
    switch self {
    case .text(let value): value
    case .number(let value): value.map { "\($0)" }
    case .count(let value): value.map { "\($0)" }
    case .truth(let value): value.map { "\($0)" }
    }
  }

  fileprivate var json: String {
    if case .text(let value?) = self { return value.quotedForJSON }
    return plain ?? "null"
  }
}

extension String {
  /// The string as JSON and YAML write it.
  var quotedForJSON: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..<" ", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
