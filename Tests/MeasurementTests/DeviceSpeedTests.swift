import Measurement
import Store
import Tables
import Testing

/// Samples of a device of which arithmetic and memory are read apart.
@Suite struct `The speed of a device` {
  private static let quiet = SpeedReading(arithmeticNanoseconds: 100, memoryNanoseconds: 1000)
  private static let slowMemory = SpeedReading(arithmeticNanoseconds: 101, memoryNanoseconds: 1150)
  private static let slowClock = SpeedReading(arithmeticNanoseconds: 140, memoryNanoseconds: 1010)

  private let speed = DeviceSpeed(readings: Array(repeating: Self.quiet, count: 20))

  private func samples(_ count: Int, at speed: SpeedReading) -> [Sample] {
    (0..<count).map { _ in
      Sample(chainLength: 1, nanoseconds: 10, wallNanoseconds: 10, speed: speed)
    }
  }

  private func counted(
    _ samples: [Sample], _ bound: Bound?
  ) -> (elements: [Sample], atSpeed: Bool) {
    speed.counted(samples, \.self, boundBy: bound)
  }

  @Test func `discards samples beside slow readings, and never mixes both`() {
    let (steady, slow) = (samples(4, at: Self.quiet), samples(9, at: Self.slowClock))
    let enough = counted(steady + slow, .compute)
    #expect(enough.elements == steady && enough.atSpeed)
    let short = counted(Array(steady[..<2]) + slow, .compute)
    #expect(short.elements == slow && !short.atSpeed)
    let few = counted(Array(steady[..<1]) + slow[..<1], .compute)
    #expect(few.elements.count == 2 && !few.atSpeed)
  }

  @Test(arguments: [Bound.compute, .memory, .launch, nil])
  func `judges a sample by what bounds its workload, and by both where that is unknown`(
    bound: Bound?
  ) {
    let quiet = samples(3, at: Self.quiet)
    let (stolen, throttled) = (samples(3, at: Self.slowMemory), samples(3, at: Self.slowClock))
    let kept = counted(quiet + stolen + throttled, bound).elements
    #expect(kept.contains(stolen[0]) == (bound == .compute || bound == .launch))
    #expect(kept.contains(throttled[0]) == (bound == .memory))
  }

  @Test func `has one kernel where memory cannot be read`() {
    let alone = DeviceSpeed(readings: Array(repeating: .init(arithmeticNanoseconds: 100), count: 9))
    let slow = samples(3, at: Self.slowClock)
    for bound in [Bound.memory, nil] {
      #expect(!alone.counted(slow, \.self, boundBy: bound).atSpeed)
    }
    #expect(alone.isSteady(Self.slowMemory) && !alone.isSteady(Self.slowClock))
  }

  @Test func `judges samples from before memory was read by arithmetic`() {
    func early(_ nanoseconds: Double) -> [Sample] {
      samples(4, at: .init(arithmeticNanoseconds: nanoseconds))
    }
    let (steady, slow) = (early(100), early(140))
    for bound in [Bound.memory, nil] {
      let kept = counted(steady + slow, bound)
      #expect(kept.elements == steady && kept.atSpeed)
      #expect(!counted(slow, bound).atSpeed)
    }
  }

  @Test func `leaves out readings that were not taken`() {
    var speed = DeviceSpeed()
    speed.record(.init(arithmeticNanoseconds: 100))
    speed.record(.init(arithmeticNanoseconds: 101, memoryNanoseconds: 1000))
    speed.record(.none)
    #expect(speed.level == Self.quiet)
    #expect(speed.memory.readings == [1000] && speed.arithmetic.readings == [100, 101])
  }
}
