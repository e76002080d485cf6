public import Workloads

/// What the device can do at best, measured by kernels that do nothing else; a figure is absent where
/// it was not or could not be measured.
public struct Ceilings: Hashable, Sendable, Codable {
  /// A dispatch that does nothing, inside a chain.
  public var emptyDispatchNanoseconds: Double?
  /// The constant part of a submission, once for each command buffer.
  public var submissionNanoseconds: Double?
  /// 10^9 operations a second in 32-bit floats, two for each multiply-accumulate.
  public var fp32GigaflopsPerSecond: Double?
  /// The same in 16-bit floats; absent on a device without them in arithmetic.
  public var fp16GigaflopsPerSecond: Double?
  /// 10^9 bytes a second, read and written, of copying more than the caches hold: the best path.
  public var copyGigabytesPerSecond: Double?
  /// The same by path, such as `storage` and `texel`: how the bytes are read.
  public var copyPaths: [String: Double]?
  /// Of copying by the best path, by the bytes of all operands a chain rotates through: less than
  /// the caches hold is copied faster.
  public var copyFootprints: [Int: Double]?

  public init(
    emptyDispatchNanoseconds: Double? = nil, submissionNanoseconds: Double? = nil,
    fp32GigaflopsPerSecond: Double? = nil, fp16GigaflopsPerSecond: Double? = nil,
    copyGigabytesPerSecond: Double? = nil, copyPaths: [String: Double]? = nil,
    copyFootprints: [Int: Double]? = nil
  ) {
    self.emptyDispatchNanoseconds = emptyDispatchNanoseconds
    self.submissionNanoseconds = submissionNanoseconds
    self.fp32GigaflopsPerSecond = fp32GigaflopsPerSecond
    self.fp16GigaflopsPerSecond = fp16GigaflopsPerSecond
    self.copyGigabytesPerSecond = copyGigabytesPerSecond
    self.copyPaths = copyPaths
    self.copyFootprints = copyFootprints
  }

  /// 10^9 bytes a second that copying reaches at best when the operands of a chain take `footprint`
  /// bytes: the fastest of the footprints measured that are not smaller, and of the largest one.
  public func copyRate(footprint: Int) -> Double? {
    let footprints = copyFootprints ?? [:]
    let floor = footprints.keys.filter { $0 <= footprint }.max() ?? footprints.keys.min() ?? 0
    let rates = footprints.filter { $0.key >= floor }.map(\.value)
    return (rates + [copyGigabytesPerSecond].compactMap(\.self)).max()
  }
}

extension Ceilings {
  /// Throws what makes these figures impossible.
  package func validate() throws(TableError.Problem) {
    func check(
      _ key: String, _ figure: Double?, _ range: ClosedRange<Double>
    ) throws(TableError.Problem) {
      guard let figure, !(range ~= figure) else { return }
      throw .wrongType(key, "\(figure), not \(range.lowerBound) to \(range.upperBound)")
    }
    try check("emptyDispatchNanoseconds", emptyDispatchNanoseconds, Bounds.nanoseconds)
    // The rest of it beside its dispatches may be next to nothing.
    try check(
      "submissionNanoseconds", submissionNanoseconds, 0...Bounds.nanoseconds.upperBound)
    try check("fp32GigaflopsPerSecond", fp32GigaflopsPerSecond, Bounds.rate)
    try check("fp16GigaflopsPerSecond", fp16GigaflopsPerSecond, Bounds.rate)
    try check("copyGigabytesPerSecond", copyGigabytesPerSecond, Bounds.rate)
    for (path, rate) in copyPaths ?? [:] { try check("copyPaths.\(path)", rate, Bounds.rate) }
    for (bytes, rate) in copyFootprints ?? [:] {
      try check("copyFootprints.\(bytes)", rate, Bounds.rate)
      guard Bounds.count ~= bytes else {
        throw .wrongType("copyFootprints", "of \(bytes) bytes, which no device has")
      }
    }
  }

  /// The better of two measurements, figure by figure: interference only makes a ceiling look lower.
  public func raised(by other: Ceilings) -> Ceilings {
    func better<Number: Comparable>(
      _ path: KeyPath<Ceilings, Number?>, _ choose: (Number, Number) -> Number
    ) -> Number? {
      guard let mine = self[keyPath: path] else { return other[keyPath: path] }
      return other[keyPath: path].map { choose(mine, $0) } ?? mine
    }
    func merged<Key>(_ path: KeyPath<Ceilings, [Key: Double]?>) -> [Key: Double]? {
      guard let mine = self[keyPath: path] else { return other[keyPath: path] }
      return mine.merging(other[keyPath: path] ?? [:], uniquingKeysWith: max)
    }
    return Ceilings(
      emptyDispatchNanoseconds: better(\.emptyDispatchNanoseconds, min),
      submissionNanoseconds: better(\.submissionNanoseconds, min),
      fp32GigaflopsPerSecond: better(\.fp32GigaflopsPerSecond, max),
      fp16GigaflopsPerSecond: better(\.fp16GigaflopsPerSecond, max),
      copyGigabytesPerSecond: better(\.copyGigabytesPerSecond, max),
      copyPaths: merged(\.copyPaths), copyFootprints: merged(\.copyFootprints))
  }
}

/// What keeps a workload from being faster.
public enum Bound: String, Hashable, Sendable, Codable, CaseIterable {
  /// The rate of multiply-accumulates.
  case compute
  /// The bandwidth of memory.
  case memory
  /// What a dispatch costs that does nothing.
  case launch
}

extension Ceilings {
  /// The least time a workload can take, and what it is bound by: the roofline model (Williams,
  /// Waterman and Patterson, Communications of the ACM 52(4), 2009) with the cost of a dispatch as a
  /// third roof. `ringSize` operand sets, stored in
  /// blocks of `channelBlock` channels, are rotated through. `nil` where a ceiling is unknown that
  /// the workload needs.
  public func roof(
    of workload: Workload, ringSize: Int, channelBlock: Int = 4
  ) -> (nanoseconds: Double, bound: Bound)? {
    let bytes = workload.bytes(channelBlock: channelBlock)
    guard let empty = emptyDispatchNanoseconds,
      let copy = copyRate(footprint: bytes.multipliedReportingOverflow(by: ringSize).0)
    else { return nil }
    var roofs = [
      (nanoseconds: Double(bytes) / copy, bound: Bound.memory), (empty, .launch),
    ]
    if workload.macs > 0 {
      // Schedules may sum 16-bit numbers in 32 bits, which is faster where the device only emulates 16.
      let rates =
        workload.elementType == .float16
        ? [fp16GigaflopsPerSecond, fp32GigaflopsPerSecond] : [fp32GigaflopsPerSecond]
      guard let rate = rates.compactMap(\.self).max() else { return nil }
      roofs.append((2 * Double(workload.macs) / rate, .compute))
    }
    return roofs.max { $0.nanoseconds < $1.nanoseconds }
  }
}
