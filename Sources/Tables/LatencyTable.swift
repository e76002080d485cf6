/// Rows, and everything they are true for.
public struct LatencyTable: Hashable, Sendable {
  /// What the key `schema` of a table's file says.
  public static let schema = "srprof.latency-table"
  /// The version of the schema that tables are written in. Minor versions add keys; tables of a
  /// higher major version are refused.
  public static let schemaVersion = "1.8.0"
  static let schemaMajor: UInt = 1

  /// Whether every row of the profile, or of the shard of it, is here; false after an interruption.
  public var complete: Bool
  /// Name of the profile that was measured.
  public var profile: String
  /// All rows of the profile; `nil` in tables before 1.6.0.
  public var sweep: Sweep?
  /// The part of the sweep that was measured; `nil` for all of it.
  public var shard: Shard?
  public var device: DeviceDescription
  /// The model of device with its driver, kernels and method: ``Fingerprint/model``.
  public var fingerprint: String
  /// The very device: ``Fingerprint/unit``; `nil` in tables before 1.6.0, whose fingerprint is of it.
  public var unit: String?
  public var compiler: Compiler
  public var method: Method
  public var backend: BackendTraits
  public var ceilings: Ceilings
  public var speed: Speed
  /// What whole networks take beyond the sum of their rows; `nil` until it was calibrated.
  public var additivity: Additivity?
  /// Clocks and heat while it was measured; `nil` where nothing tells them, and in tables before 1.6.0.
  public var telemetry: Telemetry?
  /// What a reader should know before trusting the rows, in sentences.
  public var warnings: [String]
  /// Sorted by workload, no workload twice.
  public var rows: [Row]

  public init(
    complete: Bool, profile: String, sweep: Sweep? = nil, shard: Shard? = nil,
    device: DeviceDescription, fingerprint: String, unit: String? = nil, compiler: Compiler,
    method: Method, backend: BackendTraits, ceilings: Ceilings, speed: Speed,
    additivity: Additivity? = nil, telemetry: Telemetry? = nil, warnings: [String], rows: [Row]
  ) {
    self.complete = complete
    self.profile = profile
    self.sweep = sweep
    self.shard = shard
    self.device = device
    self.fingerprint = fingerprint
    self.unit = unit
    self.compiler = compiler
    self.method = method
    self.backend = backend
    self.ceilings = ceilings
    self.speed = speed
    self.additivity = additivity
    self.telemetry = telemetry
    self.warnings = warnings
    self.rows = rows.sorted { $0.workload < $1.workload }
  }
}

/// The compilers between a shader's text and the driver, and the shaders themselves.
public struct Compiler: Hashable, Sendable, Codable {
  public var srprof: String
  public var glslang: String
  public var spirvTools: String
  /// FNV-1a of all shader texts and of the rules that choose schedules, 16 hexadecimal digits.
  public var catalogue: String

  public init(srprof: String, glslang: String, spirvTools: String, catalogue: String) {
    self.srprof = srprof
    self.glslang = glslang
    self.spirvTools = spirvTools
    self.catalogue = catalogue
  }
}

/// How the rows were measured.
public struct Method: Hashable, Sendable, Codable {
  public enum Clock: String, Hashable, Sendable, Codable, CaseIterable {
    /// Timestamps written by the device.
    case deviceTimestamps
    /// Wall-clock time from submission to completion; the slope removes its constant part.
    case wallClock
  }

  public enum Temperature: String, Hashable, Sendable, Codable, CaseIterable {
    /// Chains rotate through a ring of operand sets, as layers of a network find their operands.
    case inNetwork
    /// Chains use one set, which stays in the caches.
    case hot
  }

  /// Rises whenever the same device would get other figures.
  public var version: Int
  public var clock: Clock
  /// Why it is that clock, as a phrase; `nil` where nothing was chosen, and in tables before 1.5.0.
  public var clockReason: String?
  public var temperature: Temperature
  /// Operand sets in the ring.
  public var ringSize: Int
  /// The canonical layout of activations, such as `N,C/4,H,W,4 halo 4`.
  public var activationLayout: String
  /// The clock and why it is that one, for people.
  public var clockAndReason: String { clock.rawValue + (clockReason.map { " (\($0))" } ?? "") }
  /// The low quantile the undisturbed figure goes through.
  public var quantile: Double
  /// Half width of the 95 % interval at which a row is stable, as a share.
  public var targetHalfWidth: Double
  /// Seconds of timed submissions after which a row is accepted as it is.
  public var rowSeconds: Double
  /// Seed of the order of visits, of the bootstrap and of the operands.
  public var seed: UInt64

  public init(
    version: Int, clock: Clock, clockReason: String? = nil, temperature: Temperature, ringSize: Int,
    activationLayout: String,
    quantile: Double, targetHalfWidth: Double, rowSeconds: Double, seed: UInt64
  ) {
    self.version = version
    self.clock = clock
    self.clockReason = clockReason
    self.temperature = temperature
    self.ringSize = ringSize
    self.activationLayout = activationLayout
    self.quantile = quantile
    self.targetHalfWidth = targetHalfWidth
    self.rowSeconds = rowSeconds
    self.seed = seed
  }

  /// Throws what makes these figures impossible.
  func validate() throws(TableError.Problem) {
    guard ringSize > 0, Bounds.count ~= ringSize else {
      throw .wrongType("ringSize", "\(ringSize), not at least 1")
    }
    for (key, value) in [
      ("quantile", quantile), ("targetHalfWidth", targetHalfWidth), ("rowSeconds", rowSeconds),
    ] where value < 0 { throw .wrongType(key, "\(value), not at least 0") }
  }
}
