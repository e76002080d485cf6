import Measurement
import Statistics
import Store
import Tables
import Testing

@Suite struct `Chain times and fits` {
  @Test func `a straight line is found exactly`() throws {
    let fit = try #require(ChainFit([(1, 130), (2, 160), (4, 220)]))
    #expect(abs(fit.slope - 30) < 1e-9)
    #expect(abs(fit.intercept - 100) < 1e-9)
  }

  @Test func `one length is fitted through the known submission cost`() throws {
    let fit = try #require(ChainFit([(2, 700)], submission: 100))
    #expect(fit.slope == 300)
  }

  @Test func `a falling line is refused`() {
    #expect(ChainFit([(1, 200), (2, 150)]) == nil)
    #expect(ChainFit([]) == nil)
    #expect(ChainFit([(1, .nan), (2, 3)]) == nil)
  }

  @Test func `a figure that one visit alone came near is not called seen`() {
    let alone = VisitAgreement(shortest: [100, 120, 131, 118, 125], figure: 100)
    #expect(alone.agreeing == 1 && alone.visits == 5 && !alone.isEnough)
    let few = VisitAgreement(shortest: [100, 101], figure: 100)
    #expect(!few.isEnough)
    let many = VisitAgreement(shortest: [102, 140, 99, 101], figure: 100)
    #expect(many.agreeing == 3 && many.isEnough)
  }

  @Test func `too few chains tell nothing of a device`() {
    #expect(Quietness([]) == nil)
    #expect(Quietness(Array(repeating: 0, count: 50)) == nil)
    #expect(Quietness(Array(repeating: 5, count: 50))?.medianExcess == 0)
  }

  @Test func `a pause in one chain does not move the undisturbed slope`() throws {
    var samples = Self.samples(lengths: [1, 2, 4], each: 20, dispatch: 1000, submission: 50)
    samples.append(Self.sample(1, 1_000_000))
    let slope = try #require(ChainTimes(samples).fit(quantile: 0.1, submission: 0)?.slope)
    #expect(abs(slope - 1000) < 1e-6)
  }

  @Test func `the interval holds the slope, and narrows with more samples`() throws {
    var random = SplitMix64(state: 3)
    func width(_ each: Int) throws -> Double {
      let samples = [1, 2, 4].flatMap { length in
        (0..<each).map { visit in
          let noise = 1 + 0.2 * Double(random.below(1000)) / 1000
          return Self.sample(length, (100 + 1000 * Double(length)) * noise, visit: visit)
        }
      }
      let times = ChainTimes(samples)
      let interval = try #require(times.interval(quantile: 0.1, submission: 0, seed: 1))
      let slope = try #require(times.fit(quantile: 0.1, submission: 0)?.slope)
      #expect(interval.low <= slope && slope <= interval.high)
      return (interval.high - interval.low) / slope
    }
    #expect(try width(400) < width(10))
  }

  @Test func `visits that differ widen the interval, however many samples they have`() throws {
    let samples = (0..<6).flatMap { visit in
      [1, 2, 4].flatMap { length in
        (0..<50).map { _ in
          Self.sample(length, Double(length) * (1000 + 20 * Double(visit)), visit: visit)
        }
      }
    }
    let times = ChainTimes(samples)
    let interval = try #require(times.interval(quantile: 0.1, submission: 0, seed: 1))
    #expect(times.visits == 6)
    #expect(interval.high - interval.low >= 20)
  }

  @Test func `the same seed draws the same interval`() throws {
    let samples =
      Self.samples(lengths: [1, 2, 4], each: 9, dispatch: 10, submission: 1)
      + [Self.sample(1, 30), Self.sample(4, 90)]
    let times = ChainTimes(samples)
    let first = try #require(times.interval(quantile: 0.5, submission: 0, seed: 5))
    let second = try #require(times.interval(quantile: 0.5, submission: 0, seed: 5))
    #expect(first == second)
  }

  static func sample(
    _ length: Int, _ nanoseconds: Double, reference: Double = 1, visit: Int = 0
  ) -> Sample {
    Sample(
      visit: visit, chainLength: length, nanoseconds: nanoseconds, wallNanoseconds: nanoseconds,
      speed: SpeedReading(arithmeticNanoseconds: reference))
  }

  static func samples(
    lengths: [Int], each: Int, dispatch: Double, submission: Double
  ) -> [Sample] {
    lengths.flatMap { length in
      (0..<each).map { _ in sample(length, submission + dispatch * Double(length)) }
    }
  }
}

@Suite struct `The stopping rule` {
  let rule = StoppingRule(targetHalfWidth: 0.02, budgetSeconds: 5, fewestSamples: 8)

  @Test func `stops when the interval is narrow`() {
    #expect(rule.verdict(fewest: 8, visits: 5, seconds: 1, relativeHalfWidth: 0.019) == .stable)
  }

  @Test func `does not believe an interval of few samples`() {
    #expect(rule.verdict(fewest: 7, visits: 5, seconds: 1, relativeHalfWidth: 0.001) == .more)
    #expect(rule.verdict(fewest: 8, visits: 4, seconds: 1, relativeHalfWidth: 0.001) == .more)
  }

  @Test func `goes on while the interval is wide and the budget lasts`() {
    #expect(rule.verdict(fewest: 50, visits: 9, seconds: 4.9, relativeHalfWidth: 0.03) == .more)
    #expect(rule.verdict(fewest: 50, visits: 9, seconds: 4.9, relativeHalfWidth: nil) == .more)
  }

  @Test func `accepts the row as it is when the budget is spent`() {
    #expect(
      rule.verdict(fewest: 50, visits: 9, seconds: 5, relativeHalfWidth: 0.03) == .budgetSpent)
    #expect(rule.verdict(fewest: 50, visits: 9, seconds: 5, relativeHalfWidth: nil) == .budgetSpent)
  }

  @Test func `gives a row whose interval is too wide more, and then gives it up`() {
    #expect(rule.verdictAfterBudget(seconds: 5, relativeHalfWidth: 0.25) == .budgetSpent)
    #expect(rule.verdictAfterBudget(seconds: 5, relativeHalfWidth: 0.26) == .more)
    #expect(rule.verdictAfterBudget(seconds: 19.9, relativeHalfWidth: 0.26) == .more)
    #expect(rule.verdictAfterBudget(seconds: 20, relativeHalfWidth: 0.26) == .tooNoisy)
    #expect(rule.verdictAfterBudget(seconds: 20, relativeHalfWidth: 0.03) == .budgetSpent)
  }

  @Test func `gives up no row that may not take two seconds`() {
    let rule = StoppingRule(targetHalfWidth: 0.02, budgetSeconds: 0.1)
    #expect(rule.verdictAfterBudget(seconds: 0.4, relativeHalfWidth: 0.9) == .budgetSpent)
  }

  @Test func `stretches a budget too small for three samples, fourfold at most`() {
    #expect(rule.verdict(fewest: 2, visits: 9, seconds: 19, relativeHalfWidth: 0.5) == .more)
    #expect(rule.verdict(fewest: 2, visits: 9, seconds: 20, relativeHalfWidth: 0.5) == .budgetSpent)
    #expect(rule.verdict(fewest: 0, visits: 9, seconds: 99, relativeHalfWidth: nil) == .more)
  }
}

@Suite struct `Samples of visits` {
  let rule = StoppingRule(targetHalfWidth: 0.02, budgetSeconds: 5)
  let speed = DeviceSpeed(
    readings: Array(repeating: SpeedReading(arithmeticNanoseconds: 100), count: 20))

  private func counted(_ references: [Double]) -> CountedSamples<Sample> {
    let samples = references.enumerated().flatMap { visit, reference in
      (0..<3).map { _ in `Chain times and fits`.sample(1, 10, reference: reference, visit: visit) }
    }
    return CountedSamples(samples, \.self, at: speed, boundBy: .compute)
  }

  @Test func `at the device's speed are enough by the rule alone`() {
    let samples = counted([100, 101, 102, 100, 101])
    #expect(samples.atSpeed)
    #expect(samples.verdict(by: rule, seconds: 1, relativeHalfWidth: 0.01) == .stable)
    #expect(samples.verdict(by: rule, seconds: 5, relativeHalfWidth: 0.5) == .budgetSpent)
  }

  @Test func `at another speed are enough after half the budget again`() {
    let samples = counted([140, 141, 142, 140, 141])
    #expect(!samples.atSpeed)
    #expect(samples.verdict(by: rule, seconds: 7.4, relativeHalfWidth: 0.01) == .more)
    #expect(samples.verdict(by: rule, seconds: 7.5, relativeHalfWidth: 0.01) == .stable)
    #expect(samples.verdict(by: rule, seconds: 7.5, relativeHalfWidth: 0.5) == .budgetSpent)
  }

  @Test func `of which few count are enough by those that were taken, then too`() {
    let samples = counted([100, 140, 140, 140, 140])
    #expect(samples.atSpeed && samples.elements.count == 3)
    #expect(samples.verdict(by: rule, seconds: 7.4, relativeHalfWidth: 0.01) == .more)
    #expect(samples.verdict(by: rule, seconds: 7.5, relativeHalfWidth: 0.01) == .budgetSpent)
  }
}

@Suite struct `Chain lengths` {
  let gpu = ChainPlan.Budget.standard(for: .integratedGPU)
  let software = ChainPlan.Budget.standard(for: .cpu)

  @Test func `short dispatches on a GPU fill about a hundred milliseconds`() {
    #expect(ChainPlan(dispatchNanoseconds: 1e6, budget: gpu).lengths == [40, 80, 160])
  }

  @Test func `tiny dispatches are capped`() {
    #expect(ChainPlan(dispatchNanoseconds: 10, budget: gpu).lengths == [1024, 2048, 4096])
    #expect(ChainPlan(dispatchNanoseconds: 0, budget: gpu).lengths == [1024, 2048, 4096])
  }

  @Test func `no submission passes the limit unless one dispatch does`() {
    for milliseconds in [1.0, 30, 90, 120, 126, 200, 240, 260, 700] {
      let plan = ChainPlan(dispatchNanoseconds: milliseconds * 1e6, budget: gpu)
      let longest = Double(plan.lengths.last ?? 0) * milliseconds * 1e6
      #expect(longest <= gpu.limitNanoseconds || plan.lengths == [1])
    }
  }

  @Test func `chains on a software device are short`() {
    #expect(ChainPlan(dispatchNanoseconds: 5e6, budget: software).lengths == [1, 2, 4])
    #expect(ChainPlan(dispatchNanoseconds: 1e9, budget: software).lengths == [1, 2])
  }
}

@Suite struct `The speed monitor` {
  @Test func `readings near the undisturbed one are steady`() {
    let monitor = SpeedMonitor(readings: Array(repeating: 100, count: 20))
    #expect(monitor.isSteady(104))
    #expect(!monitor.isSteady(106))
    #expect(!monitor.hasSettledSlow)
  }

  @Test func `slow readings without end are taken as the new speed`() {
    var monitor = SpeedMonitor(readings: Array(repeating: 100, count: 50))
    for _ in 0..<SpeedMonitor.patience - 1 { monitor.record(120) }
    #expect(!monitor.hasSettledSlow)
    monitor.record(120)
    #expect(monitor.hasSettledSlow)
    monitor.record(101)
    #expect(!monitor.hasSettledSlow)
  }

  @Test func `the device is as fast as the shortest of the latest readings`() {
    var monitor = SpeedMonitor(readings: Array(repeating: 100, count: 50))
    #expect(monitor.level == 0)
    monitor.record(101)
    for _ in 1..<SpeedMonitor.latest { monitor.record(190) }
    #expect(monitor.level == 101)
    monitor.record(150)
    #expect(monitor.level == 150)
  }
}
