/// How steady the device was, by fixed reference kernels timed beside the samples.
public struct Speed: Hashable, Sendable, Codable {
  /// The figures of one reference kernel.
  public struct Kernel: Hashable, Sendable, Codable {
    /// Undisturbed time of the kernel over the whole campaign.
    public var referenceNanoseconds: Double
    /// Median reading over the undisturbed one: 1 on a device that nothing disturbs.
    public var medianOverUndisturbed: Double
    /// Speed the samples were taken at, relative to the fastest seen: below 1 if the device slowed
    /// down for good, as by heat.
    public var relativeSpeed: Double

    public init(
      referenceNanoseconds: Double, medianOverUndisturbed: Double, relativeSpeed: Double
    ) {
      self.referenceNanoseconds = referenceNanoseconds
      self.medianOverUndisturbed = medianOverUndisturbed
      self.relativeSpeed = relativeSpeed
    }

    /// Throws what makes these figures impossible.
    fileprivate func validate() throws(TableError.Problem) {
      guard referenceNanoseconds == 0 || Bounds.nanoseconds ~= referenceNanoseconds else {
        throw .wrongType("referenceNanoseconds", "\(referenceNanoseconds), which is no time")
      }
      for (key, value) in [
        ("medianOverUndisturbed", medianOverUndisturbed), ("relativeSpeed", relativeSpeed),
      ] where !(Bounds.derived ~= value) { throw .wrongType(key, "\(value), not at least 0") }
    }
  }

  /// Readings of the reference kernels.
  public var readings: Int
  /// By the kernel that is bound by arithmetic.
  public var arithmetic: Kernel
  /// By the kernel that is bound by memory; `nil` where there was none, as before 1.8.0.
  public var memory: Kernel?
  /// Share of the samples that were discarded because the device was slower then.
  public var discardedShare: Double

  public init(readings: Int, arithmetic: Kernel, memory: Kernel? = nil, discardedShare: Double) {
    self.readings = readings
    self.arithmetic = arithmetic
    self.memory = memory
    self.discardedShare = discardedShare
  }

  private enum CodingKeys: CodingKey {
    case readings, memory, discardedShare
  }

  /// The figures of arithmetic stand beside those of all, as they did when they were alone.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    readings = try container.decode(Int.self, forKey: .readings)
    arithmetic = try Kernel(from: decoder)
    memory = try container.decodeIfPresent(Kernel.self, forKey: .memory)
    discardedShare = try container.decode(Double.self, forKey: .discardedShare)
  }

  public func encode(to encoder: any Encoder) throws {
    try arithmetic.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(readings, forKey: .readings)
    try container.encodeIfPresent(memory, forKey: .memory)
    try container.encode(discardedShare, forKey: .discardedShare)
  }

  /// Throws what makes these figures impossible.
  func validate() throws(TableError.Problem) {
    guard Bounds.count ~= readings else { throw .wrongType("readings", "\(readings), no count") }
    try arithmetic.validate()
    try memory?.validate()
    guard Bounds.derived ~= discardedShare else {
      throw .wrongType("discardedShare", "\(discardedShare), not at least 0")
    }
  }
}
