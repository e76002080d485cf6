public import DeviceProtocol

/// Names that mean the same on every driver, for what compilers call by many names.
///
/// Units stay the driver's: a register is a vector of four numbers on Adreno (Mesa's turnip), one
/// number of each invocation elsewhere. Names of drivers are from the sources of Mesa 25.0 and, for
/// NVIDIA's own driver, from what it reports.
public enum NormalStatistic: String, Sendable, CaseIterable {
  /// Machine instructions.
  case instructions
  /// Registers of an invocation.
  case registers
  /// Registers for 16-bit values, where they are counted apart.
  case halfRegisters
  /// Subgroups that fit on a core at once: how well waiting for memory is hidden.
  case waves
  /// Registers, or stores of registers, that went to memory for lack of room.
  case spills
  /// Loads that bring spilled registers back.
  case fills
  /// Private memory of an invocation in bytes.
  case scratchBytes
  /// Shared memory of a work-group in bytes.
  case sharedBytes
  /// Machine code in bytes.
  case codeBytes
  /// Cycles that the compiler expects, or expects to be lost waiting.
  case cycles, stalledCycles
  /// Invocations that run in lockstep.
  case subgroupSize

  /// What drivers call it, without case, spaces and punctuation. Where one driver has several of
  /// the names, they add up.
  fileprivate var names: [String] {
    switch self {
    // turnip, ANV, V3DV, NVK; RADV; newer Mesa.
    case .instructions: ["instructioncount", "instructions", "instrs"]
    // turnip; RADV; ANV; NVK and Honeykrisp; NVIDIA.
    case .registers:
      ["registersused", "vgprs", "maxliveregisters", "numberofgprs", "gprs", "registercount"]
    case .halfRegisters: ["halfregistersused"]
    // turnip; RADV; V3DV and PanVK; newer Mesa.
    case .waves: ["maxwavespercore", "subgroupspersimd", "threadcount", "threads"]
    // turnip; RADV; ANV; V3DV; newer Mesa.
    case .spills: ["stpcount", "spilledsgprs", "spilledvgprs", "spillcount", "tmuspills", "spills"]
    case .fills: ["ldpcount", "fillcount", "tmufills", "fills"]
    // RADV; ANV; V3DV; NVK; newer Mesa; NVIDIA.
    case .scratchBytes:
      ["scratchsize", "scratchmemorysize", "spillsize", "slmsize", "scratch", "localmemorysize"]
    // RADV; ANV; NVIDIA.
    case .sharedBytes: ["ldssize", "workgroupmemorysize", "sharedmemorysize"]
    // turnip, RADV, NVK, PanVK; NVIDIA.
    case .codeBytes: ["codesize", "binarysize"]
    // ANV and PanVK; RADV; newer Mesa.
    case .cycles: ["cyclecount", "latency", "cycles"]
    case .stalledCycles: ["estimatedcyclesstalledonss", "estimatedcyclesstalledonsy"]
    case .subgroupSize: []
    }
  }
}

extension PipelineExecutable {
  /// NVIDIA's driver 580 says 64 GiB more than a kernel has of local memory.
  private static let tooMuchLocalMemory = 68719476736.0

  /// The figures that have a name common to all drivers.
  public var normal: [NormalStatistic: Double] {
    var byName: [String: Double] = [:]
    for statistic in statistics {
      let name = String(statistic.name.lowercased().filter { $0.isLetter || $0.isNumber })
      // turnip counts its code in words, and says so only in the description.
      let unit = name == "codesize" && statistic.description.contains("dwords") ? 4.0 : 1
      byName[name] = statistic.value.number * unit
    }
    if byName["spillsize"] != nil { Self.readAsV3DV(&byName) }
    if let bytes = byName["localmemorysize"], bytes >= Self.tooMuchLocalMemory {
      byName["localmemorysize"] = bytes - Self.tooMuchLocalMemory
    }
    var result: [NormalStatistic: Double] = [:]
    for normal in NormalStatistic.allCases {
      let found = normal.names.compactMap { byName[$0] }
      if !found.isEmpty { result[normal] = found.reduce(0, +) }
    }
    if subgroupSize > 0 { result[.subgroupSize] = Double(subgroupSize) }
    return result
  }

  /// V3DV counts memory for the 16 invocations of a thread, and has 64 registers that threads share. Up to
  /// Mesa 25.0 at least it says the size of that memory in place of spills and of fills
  /// (`v3dv_pipeline.c`), which are then unknown.
  private static func readAsV3DV(_ figures: inout [String: Double]) {
    let size = figures["spillsize"] ?? 0
    figures["spillsize"] = size / 16
    if size > 0, figures["tmuspills"] == size, figures["tmufills"] == size {
      figures["tmuspills"] = nil
      figures["tmufills"] = nil
    }
    if let threads = figures["threadcount"], threads > 0 { figures["registercount"] = 64 / threads }
  }
}
