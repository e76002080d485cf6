internal import Files
internal import FoundationEssentials
internal import Workloads

extension LatencyTable {
  /// The text of the table's file: the header on many lines, then each row on one, keys sorted.
  /// Two tables differ in the lines whose values differ.
  ///
  /// Throws if a figure is not a number, a latency not above zero, or a workload there twice.
  public func json() throws(TableError) -> [UInt8] {
    do {
      return try text()
    } catch {
      throw TableError(error)
    }
  }

  /// Writes the table's file, so that a reader sees the file before or the whole new one.
  public func write(to path: String) throws(TableError) {
    do throws(TableError.Problem) {
      let text = try text()
      do throws(FileContents.Failure) {
        try FileContents.replace(path, with: text)
      } catch {
        throw .cannotWrite(error.reason)
      }
    } catch {
      throw TableError(file: path, error)
    }
  }

  private func text() throws(TableError.Problem) -> [UInt8] {
    let sorted = LatencyTable(
      complete: complete, profile: profile, sweep: sweep, shard: shard, device: device,
      fingerprint: fingerprint, unit: unit, compiler: compiler, method: method, backend: backend,
      ceilings: ceilings, speed: speed, additivity: additivity, telemetry: telemetry,
      warnings: warnings, rows: rows)
    try sorted.checkRowsDiffer()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    var text = [UInt8](try encoder.encode(Header(self), at: "header"))
    // Rows go before the brace that ends the header.
    text.removeLast("\n}".utf8.count)
    text.append(contentsOf: ",\n  \"rows\" : [".utf8)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for (index, row) in sorted.rows.enumerated() {
      do throws(TableError.Problem) {
        try row.measurement?.latency.validate()
      } catch {
        throw error.inside("latency").inside("rows[\(index)]")
      }
      text.append(contentsOf: index == 0 ? "\n".utf8 : ",\n".utf8)
      text.append(contentsOf: try encoder.encode(row, at: "rows[\(index)]"))
    }
    text.append(contentsOf: "\n  ]\n}\n".utf8)
    return text
  }
}

/// Everything but the rows.
private struct Header: Encodable {
  let schema = LatencyTable.schema
  let schemaVersion = LatencyTable.schemaVersion
  let complete: Bool
  let profile: String
  let sweep: Sweep?
  let shard: Shard?
  let device: DeviceDescription
  let fingerprint: String
  let unit: String?
  let compiler: Compiler
  let method: Method
  let backend: BackendTraits
  let ceilings: Ceilings
  let speed: Speed
  let additivity: Additivity?
  let telemetry: Telemetry?
  let warnings: [String]

  init(_ table: LatencyTable) {
    complete = table.complete
    profile = table.profile
    sweep = table.sweep
    shard = table.shard
    device = table.device
    fingerprint = table.fingerprint
    unit = table.unit
    compiler = table.compiler
    method = table.method
    backend = table.backend
    ceilings = table.ceilings
    speed = table.speed
    additivity = table.additivity
    telemetry = table.telemetry
    warnings = table.warnings
  }
}

extension JSONEncoder {
  fileprivate func encode(
    _ value: some Encodable, at path: String
  ) throws(TableError.Problem) -> Data {
    do {
      return try encode(value)
    } catch let error as EncodingError {
      guard case .invalidValue(let value, let context) = error else {
        throw .implausible(path, "cannot be written: \(error)")
      }
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .implausible(keys, "is \(value), which JSON cannot say").inside(path)
    } catch {
      throw .implausible(path, "cannot be written: \(error)")
    }
  }
}
