import Tables
import Testing
import Workloads

@Suite("Ceilings, and the share of them that a row reaches")
struct CeilingsTests {
  static let ceilings = Ceilings(
    emptyDispatchNanoseconds: 1000, submissionNanoseconds: 5e4, fp32GigaflopsPerSecond: 100,
    copyGigabytesPerSecond: 10, copyFootprints: [1 << 20: 80, 1 << 24: 40, 1 << 27: 10])

  private func workload(_ operation: Operation, _ side: Int) throws -> Workload {
    try Workload(operation, height: side, width: side)
  }

  @Test("a large convolution is bound by arithmetic")
  func compute() throws {
    let it = try workload(.convolution(Convolution(kernel: 3, inputs: 64, outputs: 64)), 128)
    let ideal = 2 * Double(it.macs) / 100
    let efficiency = Measurement.Efficiency(
      workload: it, nanoseconds: ideal * 2, ceilings: Self.ceilings, ringSize: 4)
    #expect(efficiency.bound == .compute)
    #expect(efficiency.ofCeiling == 0.5)
  }

  @Test("16-bit numbers are summed in 16 or in 32 bits, whichever is faster")
  func half() throws {
    let it = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 64, outputs: 64)), height: 128, width: 128,
      elementType: .float16)
    var ceilings = Self.ceilings
    for (rate, best) in [(200.0, 200.0), (20, 100), (nil, 100)] as [(Double?, Double)] {
      ceilings.fp16GigaflopsPerSecond = rate
      let roof = try #require(ceilings.roof(of: it, ringSize: 4))
      #expect(roof.nanoseconds == 2 * Double(it.macs) / best)
    }
  }

  @Test("an addition is bound by memory, at the rate of its footprint")
  func memory() throws {
    let it = try workload(.add(channels: 64), 64)
    #expect(it.bytes == 3 << 20)
    for (ring, rate) in [(1, 80.0), (4, 80), (6, 40), (64, 10), (1000, 10)] {
      let roof = try #require(Self.ceilings.roof(of: it, ringSize: ring))
      #expect(roof.bound == .memory)
      #expect(roof.nanoseconds == Double(it.bytes) / rate, "ring \(ring)")
    }
  }

  @Test("channels are padded to blocks")
  func blocks() throws {
    let it = try workload(.add(channels: 3), 8)
    let efficiency = Measurement.Efficiency(workload: it, nanoseconds: 1e3, channelBlock: 1)
    #expect(efficiency.bytes == 3 * 3 * 64 * 4)
    #expect(efficiency.gigabytesPerSecond == 2.304)
  }

  @Test("what is smaller than every footprint measured has the rate of the smallest")
  func tiny() {
    #expect(Self.ceilings.copyRate(footprint: 1) == 80)
    #expect(Ceilings(copyGigabytesPerSecond: 7).copyRate(footprint: 1 << 30) == 7)
    #expect(Ceilings().copyRate(footprint: 1) == nil)
  }

  @Test("a tiny layer is bound by its dispatch")
  func launch() throws {
    let it = try workload(.add(channels: 4), 4)
    let roof = try #require(Self.ceilings.roof(of: it, ringSize: 4))
    #expect(roof.bound == .launch)
    #expect(roof.nanoseconds == 1000)
  }

  @Test("of two measurements the better figures count")
  func raised() {
    let one = Ceilings(
      emptyDispatchNanoseconds: 20, fp32GigaflopsPerSecond: 100,
      copyPaths: ["storage": 5, "texel": 9], copyFootprints: [1024: 7])
    let other = Ceilings(
      emptyDispatchNanoseconds: 30, submissionNanoseconds: 4, fp32GigaflopsPerSecond: 120,
      copyPaths: ["texel": 8], copyFootprints: [1024: 8, 4096: 6])
    let best = Ceilings(
      emptyDispatchNanoseconds: 20, submissionNanoseconds: 4, fp32GigaflopsPerSecond: 120,
      copyPaths: ["storage": 5, "texel": 9], copyFootprints: [1024: 8, 4096: 6])
    #expect(one.raised(by: other) == best)
    #expect(other.raised(by: one) == best)
    #expect(one.raised(by: Ceilings()) == one)
  }

  @Test("without a ceiling that is needed there is no share")
  func unknown() throws {
    let convolution = try workload(
      .convolution(Convolution(kernel: 1, inputs: 8, outputs: 8)), 32)
    var ceilings = Self.ceilings
    ceilings.fp32GigaflopsPerSecond = nil
    #expect(ceilings.roof(of: convolution, ringSize: 4) == nil)
    #expect(ceilings.roof(of: try workload(.add(channels: 8), 32), ringSize: 4) != nil)
    let efficiency = Measurement.Efficiency(workload: convolution, nanoseconds: 1e6)
    #expect(efficiency.ofCeiling == nil)
    #expect(efficiency.bound == nil)
  }
}
