internal import Statistics
internal import Store
public import Tables
import Workloads

/// Finds out what a device can do at best, in two or three seconds.
///
/// Figures are of the fastest of several chains: a ceiling is what nothing disturbs.
public struct CeilingMeter {
  /// Runs a chain, and refuses a time that cannot be.
  public typealias Run = (any TimedChain, Int) throws(Failure) -> ChainTime

  private let backend: any Backend
  private let run: Run
  private var random: SplitMix64

  /// A meter that only runs chains.
  public init(_ backend: any Backend) {
    let stopwatch = Stopwatch(backend)
    self.init(backend) { (chain, length) throws(Failure) in try stopwatch.time(chain, length) }
  }

  /// A meter for which `run` runs the chains, to count them for example.
  public init(_ backend: any Backend, seed: UInt64 = 1, run: @escaping Run) {
    self.backend = backend
    self.run = run
    random = SplitMix64(state: seed)
  }

  /// The costs of an empty dispatch and of a submission. A device that is lost meanwhile is opened again.
  public mutating func launch(quantile: Double = 0.1) throws(Failure) -> Ceilings {
    // Short enough that the constant part is seen beside the dispatches.
    let lengths = [1, 4, 16]
    var samples: [Sample] = []
    try backend.persisting { () throws(Failure) in
      let empty = try backend.prepareEmpty()
      for length in lengths { _ = try run(empty, length) }
      while samples.count < 40 * lengths.count {
        for length in lengths.shuffled(using: &random) {
          let time = try run(empty, length)
          samples.append(
            Sample(
              chainLength: length, nanoseconds: time.nanoseconds,
              wallNanoseconds: time.wallNanoseconds))
        }
      }
    }
    let fit = ChainTimes(samples).fit(quantile: quantile, submission: 0)
    return Ceilings(
      emptyDispatchNanoseconds: fit?.slope, submissionNanoseconds: fit.map { max(0, $0.intercept) })
  }

  /// Adds the rates of arithmetic and of copying. What cannot be measured stays absent, with a sentence
  /// that says why.
  public func addRates(to ceilings: inout Ceilings) throws(Failure) -> [String] {
    var notes: [String] = []
    ceilings.fp32GigaflopsPerSecond = try rate("fp32 arithmetic", &notes) {
      () throws(Failure) in try arithmetic(half: false, ceilings)
    }
    ceilings.fp16GigaflopsPerSecond = try rate("fp16 arithmetic", &notes) {
      () throws(Failure) in try arithmetic(half: true, ceilings)
    }
    for footprint in Self.footprints(memory: backend.device.memoryBytes) {
      guard
        let paths = try rate(
          "copying", &notes, { () throws(Failure) in try copying(footprint, ceilings) }),
        let best = paths.values.max()
      else { break }
      ceilings.copyFootprints = (ceilings.copyFootprints ?? [:]).merging([footprint: best]) { $1 }
      // The last footprint is the largest.
      ceilings.copyPaths = paths
      ceilings.copyGigabytesPerSecond = best
    }
    return notes
  }

  /// A figure, or a note why there is none. Only the end of the device is an error; one that is lost
  /// and opens again measures the figure anew.
  private func rate<Value>(
    _ what: String, _ notes: inout [String], _ body: () throws(Failure) -> Value?
  ) throws(Failure) -> Value? {
    do throws(Failure) {
      return try backend.persisting(body)
    } catch {
      // A driver that crashes in a probe has a process to spare for each of the others.
      let isBack = error.kind == .crashed && (try? backend.reopenWithPatience()) != nil
      guard isBack || (backend.isUsable && error.kind != .deviceLost) else { throw error }
      notes.append("The ceiling of \(what) could not be measured: \(error.reason)")
      return nil
    }
  }

  /// Bytes of all buffers of a ring: from what caches hold to what most do not, as far as a sixteenth of
  /// the memory allows.
  static func footprints(memory: UInt64) -> [Int] {
    [4, 16, 64, 256].map { $0 << 20 }.filter { UInt64($0) <= max(memory / 16, 4 << 20) }
  }
}

extension CeilingMeter {
  /// 10^9 operations a second of the fastest of several shapes.
  private func arithmetic(half: Bool, _ ceilings: Ceilings) throws(Failure) -> Double? {
    var shape = MultiplyAddShape(half: half, accumulators: 4, groupSize: 64, groups: 64)
    guard let first = try backend.prepare(shape) else { return nil }
    _ = try run(first, 1)
    try first.check()
    // A dispatch of this long hides its own cost, and four of them a moment's interruption.
    let single = try warmedUp(first)
    let wanted = Double(shape.groups) * max(1, 2e6 / single)
    let invocations = min(Int(wanted) * shape.groupSize, 1 << 20)
    var best = 0.0
    for groupSize in [64, 256] {
      for accumulators in [2, 4, 8, 16] {
        shape.groupSize = groupSize
        shape.accumulators = accumulators
        shape.groups = max(1, invocations / groupSize * 4 / accumulators)
        guard shape.groupSize <= backend.largestGroup, let probe = try backend.prepare(shape)
        else { continue }
        let time = try dispatchTime(probe, ring: 1, passes: 3, ceilings)
        try probe.check()
        best = max(best, shape.operations / time)
      }
    }
    return best > 0 ? best : nil
  }

  /// Nanoseconds of one dispatch after 0.3 s of them on a GPU, which raises its clock only under load.
  private func warmedUp(_ probe: any Probe) throws(Failure) -> Double {
    var seconds = backend.device.type == .cpu ? 0.3 : 0
    var length = 1
    while seconds < 0.3 {
      let time = try run(probe, length)
      seconds += time.wallNanoseconds / 1e9
      if time.nanoseconds < 20e6 { length = min(2 * length, ChainPlan.longest) }
    }
    return try run(probe, 1).planningNanoseconds
  }

  /// 10^9 bytes a second by path, of the faster of its shapes.
  private func copying(
    _ footprint: Int, _ ceilings: Ceilings
  ) throws(Failure) -> [String: Double]? {
    guard let copies = try backend.prepareCopies(footprint: footprint) else { return nil }
    var rates: [String: Double] = [:]
    for (name, probe) in copies.paths {
      let time = try dispatchTime(probe, ring: copies.ringSize, passes: 4, ceilings)
      try probe.check()
      rates[name] = max(rates[name] ?? 0, Double(copies.bytes) / time)
    }
    return rates
  }

  /// Nanoseconds of the work of one dispatch: of the fastest of some chains that last for 8 ms or go once
  /// through the ring, without what a submission and a dispatch cost that do nothing.
  private func dispatchTime(
    _ probe: any Probe, ring: Int, passes: Int, _ ceilings: Ceilings
  ) throws(Failure) -> Double {
    _ = try run(probe, ring)
    let once = try run(probe, ring)
    let length = min(
      ring * max(1, Int(8e6 / once.planningNanoseconds)), max(ring, ChainPlan.longest))
    var shortest = length == ring ? once.nanoseconds : .infinity
    for _ in 0..<passes { shortest = min(shortest, try run(probe, length).nanoseconds) }
    let submission = min(ceilings.submissionNanoseconds ?? 0, shortest / 2)
    let whole = (shortest - submission) / Double(length)
    return max(whole - (ceilings.emptyDispatchNanoseconds ?? 0), whole / 2)
  }
}

extension Backend {
  /// Invocations that a work-group may have.
  fileprivate var largestGroup: Int {
    Int(clamping: device.limits["maxComputeWorkGroupInvocations"] ?? 128)
  }
}
