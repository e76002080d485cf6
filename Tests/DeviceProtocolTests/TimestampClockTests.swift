import DeviceProtocol
import Testing

@Suite struct TimestampClockTests {
  @Test(
    "the difference of two timestamps is that of their valid bits, over the counter's turn",
    arguments: [
      (36, 10, 110, 100.0),
      (36, 0xF_FFFF_FFFF, 4, 5.0),
      (36, 0xABC0_0000_0000_0001, 0x0000_0000_0000_0003, 2.0),
      (48, 0xFFFF_FFFF_FFF0, 0x10, 32.0),
      (64, 0xFFFF_FFFF_FFFF_FFFF, 1, 2.0),
      (1, 1, 0, 1.0),
    ] as [(Int, UInt64, UInt64, Double)])
  func difference(validBits: Int, start: UInt64, end: UInt64, ticks: Double) {
    let clock = TimestampClock(validBits: validBits, period: 1)
    #expect(clock.nanoseconds(from: start, to: end) == ticks)
  }

  @Test("a tick may be a fraction of nanoseconds long")
  func period() {
    let clock = TimestampClock(validBits: 36, period: 52.5)
    #expect(clock.nanoseconds(from: 0xF_FFFF_FFFF, to: 1) == 105)
  }

  @Test("a queue without timestamps has no time")
  func noBits() {
    #expect(TimestampClock(validBits: 0, period: 1).nanoseconds(from: 1, to: 2) == nil)
  }
}
