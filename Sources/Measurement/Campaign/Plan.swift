public import Kernels
public import Tables
public import Workloads

/// What is to be measured, and how: a value that can be printed before any device is opened.
public struct Plan: Hashable, Sendable {
  /// Name of the profile, for the table's header.
  public var profile: String
  public var workloads: [Workload]
  /// All workloads of the profile, of which ``workloads`` are the ``shard``.
  public var sweep: Sweep
  /// `nil` for the whole profile.
  public var shard: Shard?
  public var rule: StoppingRule
  public var temperature: Method.Temperature
  /// Order of visits, of candidates in a round, and the bootstrap's draws.
  public var seed: UInt64
  /// The low quantile the undisturbed figure goes through.
  public var quantile: Double
  public var start: Start
  public var schedules: Schedules
  /// Whether figures are what it is for, and not the winners of races alone.
  public var wantsFigures = true
  /// Whether some seconds are spent to hear how quiet the device is.
  public var listens = true

  /// What is made of what the store has of these rows.
  public enum Start: Hashable, Sendable {
    /// It is carried on from.
    case resumed
    /// Samples are thrown away; the winners of races stay.
    case remeasured
    /// Everything is thrown away.
    case fresh
  }

  /// How the schedule of each row is chosen.
  public enum Schedules: Hashable, Sendable {
    /// By a race of this effort, or a higher one run before.
    case raced(Schedule.Effort)
    /// The standard one, without measuring.
    case standard
    /// The one of this name, for every workload.
    case named(String)
  }

  /// Rises whenever the same device would get other figures.
  public static let methodVersion = 2
  /// Operand sets a chain rotates through, so that it finds its operands as warm as a layer inside a
  /// network does: measured on lavapipe, the sum of such slopes over a network's layers is within
  /// 4 % of the network, where a single set is 8 % too fast.
  public static let inNetworkRing = 4

  public init(
    profile: String, workloads: [Workload], sweep: Sweep? = nil, shard: Shard? = nil,
    rule: StoppingRule = StoppingRule(), temperature: Method.Temperature = .inNetwork,
    seed: UInt64 = 1, quantile: Double = 0.1, start: Start = .resumed,
    schedules: Schedules = .raced(.quick)
  ) {
    self.profile = profile
    self.workloads = workloads
    self.sweep = sweep ?? Sweep(workloads)
    self.shard = shard
    self.rule = rule
    self.temperature = temperature
    self.seed = seed
    self.quantile = quantile
    self.start = start
    self.schedules = schedules
  }

  /// Seconds of submissions in a visit to a row at least: short, so that a bad minute is spread
  /// over many rows and a row over many minutes.
  var visitSeconds: Double { rule.budgetSeconds / 12 }

  /// Operand sets in the ring.
  public var ringSize: Int { temperature.ringSize }

  /// Seconds of timed submissions if no row is stable before its budget ends.
  public var samplingSeconds: Double { rule.budgetSeconds * Double(workloads.count) }

  /// Seconds that some rows take of which some are raced, if none is stable before its budget ends.
  func seconds(rows: Int, races: Int) -> Double {
    rule.budgetSeconds * Double(rows) + (RaceRule(self)?.seconds ?? 0) * Double(races)
  }

  /// Seconds that races usually take, if none of them was run before.
  public var raceSeconds: Double { seconds(rows: 0, races: workloads.count) }
}

extension Method.Temperature {
  /// Operand sets in the ring.
  var ringSize: Int { self == .inNetwork ? Plan.inNetworkRing : 1 }
}
