import DeviceProtocol
import Devices
import Testing

@Suite("What compilers say, under names that mean the same everywhere")
struct ExecutableStatisticTests {
  private func executable(
    _ figures: [(String, Double)], description: String = "", subgroupSize: Int = 0
  ) -> PipelineExecutable {
    PipelineExecutable(
      name: "cs", subgroupSize: subgroupSize,
      statistics: figures.map {
        ExecutableStatistic(name: $0.0, description: description, value: .float($0.1))
      })
  }

  @Test("Adreno, by turnip")
  func turnip() {
    let normal = executable(
      [
        ("Max Waves Per Core", 6), ("Instruction Count", 1315), ("Registers used", 32),
        ("Half-registers used", 4), ("cat3 instructions", 594), ("STP Count", 2), ("LDP Count", 3),
        ("Estimated cycles stalled on SS", 40), ("Estimated cycles stalled on SY", 60),
      ], subgroupSize: 128
    ).normal
    #expect(
      normal == [
        .waves: 6, .instructions: 1315, .registers: 32, .halfRegisters: 4, .spills: 2, .fills: 3,
        .stalledCycles: 100, .subgroupSize: 128,
      ])
  }

  @Test("AMD, by RADV: spills of both kinds of register add up")
  func radv() {
    let normal = executable([
      ("SGPRs", 48), ("VGPRs", 64), ("Spilled SGPRs", 1), ("Spilled VGPRs", 2), ("LDS size", 1024),
      ("Scratch size", 256), ("Subgroups per SIMD", 16), ("Instructions", 500), ("Latency", 9000),
    ]).normal
    #expect(
      normal == [
        .registers: 64, .spills: 3, .sharedBytes: 1024, .scratchBytes: 256, .waves: 16,
        .instructions: 500, .cycles: 9000,
      ])
  }

  @Test("Intel, by ANV")
  func anv() {
    let normal = executable([
      ("Instruction Count", 300), ("Cycle Count", 12_000), ("Spill Count", 4), ("Fill Count", 5),
      ("Scratch Memory Size", 2048), ("Max live registers", 70), ("Loop Count", 1),
    ]).normal
    #expect(
      normal == [
        .instructions: 300, .cycles: 12_000, .spills: 4, .fills: 5, .scratchBytes: 2048,
        .registers: 70,
      ])
  }

  @Test("Mali, by PanVK with the words of its compiler's shaderdb")
  func panvk() {
    let normal = executable(
      [
        ("Code Size", 12384), ("Cycle Count", 256), ("Fills", 195), ("Instruction Count", 1021),
        ("Register Count", 64), ("Scratch Size", 32), ("Shared Memory Size", 0), ("Spills", 5),
        ("Thread Count", 1), ("arith", 27.75), ("clauses", 291), ("ldst", 256), ("loops", 2),
        ("preloads", 0), ("quadwords", 774), ("texture", 3), ("tuples", 752), ("vary", 0),
      ], subgroupSize: 8
    ).normal
    #expect(
      normal == [
        .instructions: 1021, .registers: 64, .waves: 1, .spills: 5, .fills: 195, .scratchBytes: 32,
        .sharedBytes: 0, .codeBytes: 12384, .cycles: 256, .subgroupSize: 8,
      ])
  }

  @Test("VideoCore, by V3DV: memory of one invocation, and the registers that its threads leave")
  func v3dv() {
    let normal = executable(
      [
        ("Compile Strategy", 9), ("Instruction Count", 641), ("QPU Read Stalls", 4),
        ("Spill Size", 768), ("TMU Fills", 23), ("TMU Spills", 21), ("Thread Count", 2),
      ], subgroupSize: 16
    ).normal
    #expect(
      normal == [
        .instructions: 641, .registers: 32, .waves: 2, .spills: 21, .fills: 23, .scratchBytes: 48,
        .subgroupSize: 16,
      ])
  }

  @Test(
    "VideoCore's spills are unknown where V3DV says bytes in their place, unless there are none")
  func v3dvBytes() {
    func normal(_ bytes: Double) -> [NormalStatistic: Double] {
      executable([
        ("Instruction Count", 641), ("Spill Size", bytes), ("TMU Spills", bytes),
        ("TMU Fills", bytes), ("Thread Count", 4),
      ]).normal
    }
    #expect(
      normal(3584) == [.instructions: 641, .registers: 16, .waves: 4, .scratchBytes: 224])
    #expect(
      normal(0) == [
        .instructions: 641, .registers: 16, .waves: 4, .spills: 0, .fills: 0, .scratchBytes: 0,
      ])
  }

  @Test("NVIDIA, which says 64 GiB too much of local memory", arguments: [0.0, 592])
  func nvidia(localBytes: Double) {
    let normal = executable([
      ("Register Count", 153), ("Binary Size", 10_880), ("Stack Size", 0),
      ("Local Memory Size", 68_719_476_736 + localBytes), ("Shared Memory Size", 1024),
    ]).normal
    #expect(
      normal == [
        .registers: 153, .codeBytes: 10_880, .scratchBytes: localBytes, .sharedBytes: 1024,
      ])
  }

  @Test("code counted in words comes in bytes")
  func words() {
    #expect(
      executable([("Code size", 10)], description: "Total number of dwords in the shader").normal
        == [.codeBytes: 40])
    #expect(executable([("Code Size", 10)], description: "in bytes").normal == [.codeBytes: 10])
  }

  @Test("what nobody knows is in no column")
  func unknown() {
    #expect(executable([("Mystery", 7)]).normal.isEmpty)
  }

  @Test("truths and integers are numbers")
  func numbers() {
    let values: [ExecutableStatistic.Value] = [
      .integer(-3), .unsigned(1 << 40), .float(0.5), .bool(true), .bool(false),
    ]
    #expect(values.map(\.number) == [-3, 1_099_511_627_776, 0.5, 1, 0])
  }
}
