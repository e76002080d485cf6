import DeviceProtocol
import Kernels
import Measurement
import Tables
import Testing
import Workloads

/// Statistics are those of PanVK for Mali G52 and of V3DV for VideoCore 7.1, Mesa 25.0.7.
@Suite struct `The choice of the standard schedule` {
  private static func compiled(_ figures: [String: Double]?) -> Measurement.Compiled {
    Measurement.Compiled(
      spirvHash: "0", spirvBytes: 4, pipelineNanoseconds: 1,
      statistics: figures.map { .init(normal: $0, raw: $0) })
  }

  /// A 3x3 convolution on a Mali G52.
  private static let mali: [String: [String: Double]] = [
    "direct/4x1x16": ["instructions": 3872, "spills": 660, "fills": 1507, "scratchBytes": 1412],
    "direct/4x1x8": ["instructions": 1015, "spills": 5, "fills": 195, "scratchBytes": 32],
    "direct/2x1x16": ["instructions": 1206, "spills": 11, "fills": 346, "scratchBytes": 56],
    "direct/4x1x4": ["instructions": 447, "spills": 0, "fills": 0, "scratchBytes": 0],
  ]
  /// The same on a VideoCore 7.1.
  private static let videoCore: [String: [String: Double]] = [
    "direct/4x1x16": ["instructions": 2633, "spills": 0, "fills": 0, "scratchBytes": 352],
    "direct/2x1x8": ["instructions": 641, "spills": 21, "fills": 23, "scratchBytes": 48],
    "direct/1x1x16": ["instructions": 761, "spills": 23, "fills": 23, "scratchBytes": 48],
    "direct/2x1x4": ["instructions": 349, "spills": 0, "fills": 0, "scratchBytes": 0],
  ]

  /// The choice of some names, and those that were compiled for it.
  private func choice(
    _ names: [String], _ compile: (String) -> Measurement.Compiled?
  ) throws -> (chosen: String?, compiled: [String]) {
    var asked: [String] = []
    let heads = try names.map { try Schedule(parsing: $0) }
    let chosen = StandardChoice.schedule(of: heads) { head in
      let name = names[heads.firstIndex(of: head) ?? 0]
      asked.append(name)
      return compile(name)
    }
    return (chosen.flatMap { heads.firstIndex(of: $0) }.map { names[$0] }, asked)
  }

  @Test func `is the first that stays in registers, and what comes behind it is not compiled`()
    throws
  {
    for (figures, names) in [
      (Self.mali, ["direct/4x1x16", "direct/4x1x8", "direct/4x1x4", "direct/2x1x16"]),
      (Self.videoCore, ["direct/4x1x16", "direct/2x1x8", "direct/2x1x4", "direct/1x1x16"]),
    ] {
      let (chosen, compiled) = try choice(names) { Self.compiled(figures[$0]) }
      #expect(chosen == names[2])
      #expect(compiled == Array(names.prefix(3)))
    }
  }

  /// 4x1x8 moves 200 numbers for 8 texels, 2x1x16 357. Arrays in memory are worse than some spills.
  @Test func `is the one that spills least for its tile where none does`() throws {
    let mali = try choice(["direct/4x1x16", "direct/2x1x16", "direct/4x1x8"]) {
      Self.compiled(Self.mali[$0])
    }
    #expect(mali.chosen == "direct/4x1x8")
    #expect(mali.compiled.count == 3)
    let videoCore = try choice(["direct/4x1x16", "direct/1x1x16", "direct/2x1x8"]) {
      Self.compiled(Self.videoCore[$0])
    }
    #expect(videoCore.chosen == "direct/1x1x16")
  }

  @Test func `is the first that compiles where the compiler says nothing`() throws {
    let silent = try choice(["direct/4x1x16", "direct/4x1x8"]) { _ in Self.compiled(nil) }
    #expect(silent.chosen == "direct/4x1x16")
    #expect(silent.compiled.count == 1)
    let second = try choice(["direct/4x1x16", "direct/4x1x8"]) {
      $0 == "direct/4x1x16" ? nil : Self.compiled(nil)
    }
    #expect(second.chosen == "direct/4x1x8")
  }

  @Test func `is the first where all fail, and none where there is none`() throws {
    #expect(try choice(["direct/4x1x16", "direct/4x1x8"]) { _ in nil }.chosen == "direct/4x1x16")
    #expect(try choice([]) { _ in nil }.chosen == nil)
  }

  /// NVIDIA's driver 580 for an H200: a kernel of 255 registers, and one that shares its inputs.
  @Test func `counts shared memory that no kernel declares as spilled`() throws {
    func figures(_ schedule: String, undeclared: Int) throws -> [String: Double]? {
      let kernel = try Kernel(
        Workload(
          .convolution(Convolution(kernel: 3, inputs: 64, outputs: 64)), height: 64, width: 64),
        schedule: Schedule(parsing: schedule))
      let shared = ExecutableStatistic(
        name: "Shared Memory Size", description: "",
        value: .unsigned(UInt64(kernel.sharedBytes + undeclared)))
      return Measurement.Compiled.Statistics(
        [PipelineExecutable(name: "", subgroupSize: 32, statistics: [shared])], of: kernel)?.normal
    }
    let direct = "direct/4x2x16/wg8x4/in:texel/w:uniform"
    #expect(try figures(direct, undeclared: 6016)?["scratchBytes"] == 188)
    #expect(try figures(direct, undeclared: 0)?["scratchBytes"] == nil)
    let gemm = try figures("gemm/4x1x16/wg16x4/in:texel/w:texel", undeclared: 32)
    #expect(gemm?["sharedBytes"] ?? 0 > 1000)
    #expect(gemm?["scratchBytes"] == nil)
  }
}
