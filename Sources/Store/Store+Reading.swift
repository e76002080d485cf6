internal import GRDB
public import Tables
public import Workloads

extension Store {
  /// The device last recorded for a fingerprint.
  public func device(fingerprint: String) throws(StoreError) -> DeviceDescription? {
    try read { db in
      var device: DeviceDescription?
      try forEachRecord(
        of: "device", ["description"], "WHERE fingerprint = ?", [fingerprint], in: db
      ) { device = try $0.json(0) { (it) throws(TableError.Problem) in try it.decoded() } }
      return device
    }
  }

  /// The ceilings last recorded for a scope.
  public func ceilings(in scope: Scope) throws(StoreError) -> Ceilings? {
    try read { db in
      var ceilings: Ceilings?
      try forEachRecord(
        of: "scope", ["ceilings"], "WHERE fingerprint = ? AND condition = ?",
        [scope.fingerprint, scope.condition], in: db
      ) { record in
        ceilings = try record.json(0) { (it) throws(TableError.Problem) in
          let ceilings: Ceilings = try it.decoded()
          try ceilings.validate()
          return ceilings
        }
      }
      return ceilings
    }
  }

  /// Everything recorded for the workloads of a scope, by the name of the schedule; '' where a
  /// workload failed before it had one. Of very many samples of a row only the latest are given.
  public func stored(in scope: Scope) throws(StoreError) -> [Workload: [String: StoredRow]] {
    try read { db in
      var lines: [Int64: Line] = [:]
      try forEachRecord(
        of: "row", ["name", "schedule", "workload", "result"],
        "WHERE fingerprint = ? AND condition = ?", [scope.fingerprint, scope.condition], in: db
      ) { lines[$0.id] = try Line($0) }
      try forEachRecord(
        of: "sample",
        [
          "row", "visit", "chainLength", "nanoseconds", "wallNanoseconds", "referenceNanoseconds",
          "memoryReferenceNanoseconds",
        ],
        """
        JOIN row ON row.id = sample.row WHERE fingerprint = ? AND condition = ? ORDER BY sample.id
        """,
        [scope.fingerprint, scope.condition], in: db
      ) { record in
        let row = Int64(try record.int(0, in: .min ... .max))
        try lines[row]?.add(record)
      }
      var result: [Workload: [String: StoredRow]] = [:]
      for line in lines.values {
        var row = line.row
        row.samples = row.samples.suffix(Bounds.samples)
        result[line.workload, default: [:]][line.schedule] = row
      }
      return result
    }
  }

  /// Readings of the reference kernels in a scope, in the order they were recorded.
  public func readings(in scope: Scope) throws(StoreError) -> [SpeedReading] {
    try read { db in
      var readings: [SpeedReading] = []
      try forEachRecord(
        of: "reading", ["nanoseconds", "memoryNanoseconds"],
        """
        JOIN session ON session.id = reading.session WHERE fingerprint = ? AND condition = ?
        ORDER BY reading.id
        """,
        [scope.fingerprint, scope.condition], in: db
      ) { record in
        // Zero stands for a reading that could not be taken.
        let reading = try record.speed(0, 1)
        if reading != .none { readings.append(reading) }
      }
      return readings
    }
  }
}

/// A row as it is read, with its samples so far.
private struct Line {
  let workload: Workload
  let schedule: String
  var row = Store.StoredRow()
  private var chainLengths: Set<Int> = []

  init(_ record: StoredRecord) throws(StoreError.Problem) {
    workload = try record.workload(2, named: 0)
    schedule = try record.text(1)
    if try record.optionalText(3) != nil {
      row.result = try record.json(3) { (it) throws(TableError.Problem) in try it.result() }
    }
  }

  mutating func add(_ record: StoredRecord) throws(StoreError.Problem) {
    let sample = Sample(
      visit: try record.int(1, in: Bounds.visit),
      chainLength: try record.int(2, in: Bounds.chainLength),
      nanoseconds: try record.double(3, in: Bounds.chainNanoseconds),
      wallNanoseconds: try record.double(4, in: Bounds.chainNanoseconds),
      speed: try record.speed(5, 6))
    if chainLengths.insert(sample.chainLength).inserted,
      chainLengths.count > Bounds.chainLengths
    {
      throw record.refusal(
        "chainLength is \(sample.chainLength), one of more than \(Bounds.chainLengths) in its row")
    }
    row.samples.append(sample)
    if row.samples.count == 2 * Bounds.samples { row.samples.removeFirst(Bounds.samples) }
  }
}

extension StoredRecord {
  /// How fast the device was, by the columns of its arithmetic and of its memory.
  fileprivate func speed(_ arithmetic: Int, _ memory: Int) throws(StoreError.Problem)
    -> SpeedReading
  {
    SpeedReading(
      arithmeticNanoseconds: try double(arithmetic, in: Bounds.nanoseconds, orZero: true),
      memoryNanoseconds: try double(memory, in: Bounds.nanoseconds, orZero: true))
  }

  /// The workload in one column, whose name is in another.
  func workload(_ column: Int, named name: Int) throws(StoreError.Problem) -> Workload {
    let workload = try json(column) { (it) throws(TableError.Problem) in try it.workload(0) }
    guard try text(name) == workload.name else {
      throw refusal("\(columns[name]) is not '\(workload.name)', which its workload is called")
    }
    return workload
  }
}
