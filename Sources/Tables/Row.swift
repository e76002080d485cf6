public import Workloads

/// One line of a latency table: a workload and how long it takes, or why it could not be measured.
public struct Row: Hashable, Sendable {
  public var workload: Workload
  public var result: Result
  /// The schedules that raced for this row; empty if none did.
  public var race: [Race.Candidate]

  public enum Result: Hashable, Sendable {
    case measured(Measurement)
    case failed(Failure)
  }

  public init(workload: Workload, result: Result, race: [Race.Candidate] = []) {
    self.workload = workload
    self.result = result
    self.race = race
  }

  /// The measurement, or `nil` for a failed row.
  public var measurement: Measurement? {
    if case .measured(let measurement) = result { measurement } else { nil }
  }

  /// The failure, or `nil` for a measured row.
  public var failure: Failure? {
    if case .failed(let failure) = result { failure } else { nil }
  }
}

/// Everything a measured row says.
public struct Measurement: Hashable, Sendable {
  public var latency: Latency
  public var schedule: Schedule
  /// `nil` where nothing is compiled, as on the processor.
  public var compiled: Compiled?
  public var check: Check
  public var efficiency: Efficiency

  public init(
    latency: Latency, schedule: Schedule, compiled: Compiled?, check: Check, efficiency: Efficiency
  ) {
    self.latency = latency
    self.schedule = schedule
    self.compiled = compiled
    self.check = check
    self.efficiency = efficiency
  }

  /// How the workload was executed.
  public struct Schedule: Hashable, Sendable, Encodable {
    /// Complete and printable, such as `direct/4x2x16/wg8x4/in:texel/w:uniform`: first the algorithm.
    public var name: String
    /// How it was chosen; `nil` in tables of version 1.0.0.
    public var tuning: Tuning?
    /// Schedules that raced, this one included; `nil` if none did.
    public var candidates: Int?

    public init(name: String, tuning: Tuning? = nil, candidates: Int? = nil) {
      self.name = name
      self.tuning = tuning
      self.candidates = candidates
    }
  }

  /// What the compiler made.
  public struct Compiled: Hashable, Sendable, Encodable {
    /// FNV-1a of the SPIR-V words, 16 hexadecimal digits.
    public var spirvHash: String
    public var spirvBytes: Int
    /// Time the driver took to make the pipeline; short when its cache had it.
    public var pipelineNanoseconds: Double
    /// What the driver's compiler says of its machine code; `nil` where it says nothing.
    public var statistics: Statistics?

    public init(
      spirvHash: String, spirvBytes: Int, pipelineNanoseconds: Double,
      statistics: Statistics? = nil
    ) {
      self.spirvHash = spirvHash
      self.spirvBytes = spirvBytes
      self.pipelineNanoseconds = pipelineNanoseconds
      self.statistics = statistics
    }

    /// Figures of a driver's compiler (VK_KHR_pipeline_executable_properties).
    public struct Statistics: Hashable, Sendable, Encodable {
      /// Under names that all drivers share, such as `instructions`, `registers`, `waves`, `spills`.
      /// Units are the driver's.
      public var normal: [String: Double]
      /// Everything the driver says, under its own names.
      public var raw: [String: Double]

      public init(normal: [String: Double], raw: [String: Double]) {
        self.normal = normal
        self.raw = raw
      }
    }
  }

  /// How the output compared with the reference answer, before and after timing.
  public struct Check: Hashable, Sendable, Encodable {
    /// Largest error seen, as a share of the sum of the absolute values of the terms.
    public var maxRelativeError: Double
    /// Error that rounding explains; a larger one is a failed row.
    public var tolerance: Double
    /// Output elements compared each time.
    public var points: Int

    public init(maxRelativeError: Double, tolerance: Double, points: Int) {
      self.maxRelativeError = maxRelativeError
      self.tolerance = tolerance
      self.points = points
    }
  }

  /// Work done, and the rates that follow from the undisturbed latency.
  public struct Efficiency: Hashable, Sendable, Encodable {
    /// Multiply-accumulates; 0 for operations that are not convolutions.
    public var macs: Int
    /// Operands and result, each once.
    public var bytes: Int
    /// 10^9 floating-point operations a second, two for each multiply-accumulate.
    public var gigaflopsPerSecond: Double
    public var gigabytesPerSecond: Double
    /// Share of what the device can do at best: the least time possible over the time taken. `nil`
    /// where a ceiling is unknown.
    ///
    /// Multiply-accumulates count as the workload defines them, so a schedule that needs fewer for
    /// the same answer (Winograd) may exceed 1.
    public var ofCeiling: Double?
    /// What keeps the workload from being faster; `nil` with ``ofCeiling``.
    public var bound: Bound?

    public init(
      macs: Int, bytes: Int, gigaflopsPerSecond: Double, gigabytesPerSecond: Double,
      ofCeiling: Double? = nil, bound: Bound? = nil
    ) {
      self.macs = macs
      self.bytes = bytes
      self.gigaflopsPerSecond = gigaflopsPerSecond
      self.gigabytesPerSecond = gigabytesPerSecond
      self.ofCeiling = ofCeiling
      self.bound = bound
    }

    /// What a workload does and reaches when it takes `nanoseconds` in a chain that rotates through
    /// `ringSize` sets of operands, stored in blocks of `channelBlock` channels, on a device with these
    /// ceilings.
    public init(
      workload: Workload, nanoseconds: Double, ceilings: Ceilings = Ceilings(), ringSize: Int = 1,
      channelBlock: Int = 4
    ) {
      let roof = ceilings.roof(
        of: workload, ringSize: ringSize, channelBlock: channelBlock)
      let bytes = workload.bytes(channelBlock: channelBlock)
      self.init(
        macs: workload.macs, bytes: bytes,
        gigaflopsPerSecond: 2 * Double(workload.macs) / nanoseconds,
        gigabytesPerSecond: Double(bytes) / nanoseconds,
        ofCeiling: roof.map { $0.nanoseconds / nanoseconds }, bound: roof?.bound)
    }
  }
}

/// Time of one dispatch inside a chain of dispatches, in nanoseconds.
public struct Latency: Hashable, Sendable, Encodable {
  /// What the workload takes when nothing interferes: the slope of the low quantile of chain times
  /// over chain length. This figure adds up, and predictions are made of it.
  public var undisturbedNanoseconds: Double
  /// Lower end of the 95 % interval of the undisturbed figure, for repeating the campaign: the
  /// scatter of the samples and the uncertainty of the device's speed.
  public var lowNanoseconds: Double
  /// Upper end of that interval.
  public var highNanoseconds: Double
  /// What a user of a busy device sees: the same slope through the medians.
  public var medianNanoseconds: Double
  /// The same slope through the 90th percentiles.
  public var p90Nanoseconds: Double
  /// Timed chains that count.
  public var samples: Int
  /// Whether the scatter of the samples is as small as was asked for.
  public var stable: Bool

  public init(
    undisturbedNanoseconds: Double, lowNanoseconds: Double, highNanoseconds: Double,
    medianNanoseconds: Double, p90Nanoseconds: Double, samples: Int, stable: Bool
  ) {
    self.undisturbedNanoseconds = undisturbedNanoseconds
    self.lowNanoseconds = lowNanoseconds
    self.highNanoseconds = highNanoseconds
    self.medianNanoseconds = medianNanoseconds
    self.p90Nanoseconds = p90Nanoseconds
    self.samples = samples
    self.stable = stable
  }

  /// Half the width of the interval as a share of the undisturbed figure.
  public var relativeHalfWidth: Double {
    (highNanoseconds - lowNanoseconds) / 2 / undisturbedNanoseconds
  }
}

/// Why a row has no latency.
public struct Failure: Hashable, Sendable, Encodable, Error {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The device lacks a feature, or the catalogue has no kernel for this workload.
    case unsupported
    /// A limit of the device is exceeded; the reason names it.
    case overLimit
    /// Device or host memory ran out.
    case outOfMemory
    /// The shader or the pipeline did not compile.
    case notCompiled
    /// The output differs from the reference answer.
    case wrongOutput
    /// A submission took longer than the watchdog allows.
    case timedOut
    /// The device was lost while this workload ran.
    case deviceLost
    /// The driver crashed while it compiled or ran this workload; the reason says with which signal.
    case crashed
    /// The connection to the device was lost.
    case linkLost
    /// The clock gave times that cannot be, such as zero for a long chain.
    case implausibleTime
    /// The interval is too wide to say how long it takes, the budget and more being spent; since 1.7.0.
    case tooNoisy
    /// Any other error of the driver.
    case driver
  }

  public var kind: Kind
  /// One sentence with the names and numbers needed to understand it.
  public var reason: String

  /// Texts of compilers and drivers may have several lines; a reason has one.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason.split(whereSeparator: \.isNewline).joined(separator: " | ")
  }
}
