import CVulkan

/// One figure that the driver's compiler gives about a pipeline
/// (`VkPipelineExecutableStatisticKHR`).
public struct ExecutableStatistic: Sendable, Hashable {
  /// The figure, in the format the driver chose.
  public enum Value: Sendable, Hashable {
    case integer(Int64)
    case unsigned(UInt64)
    case float(Double)
    case bool(Bool)

    /// The figure as a number; a truth is 1, a falsehood 0.
    public var number: Double {
      switch self {
      case .integer(let value): Double(value)
      case .unsigned(let value): Double(value)
      case .float(let value): value
      case .bool(let value): value ? 1 : 0
      }
    }
  }

  /// The driver's name of it, such as "Instruction Count".
  public let name: String
  /// What it means, in the driver's words; units are often only here.
  public let description: String
  /// The figure.
  public let value: Value

  /// A statistic as a driver would give it.
  public init(name: String, description: String, value: Value) {
    self.name = name
    self.description = description
    self.value = value
  }
}

/// One piece of machine code of a pipeline, and what the compiler says about it.
public struct PipelineExecutable: Sendable, Hashable {
  /// The driver's name of it, such as "cs" or "SIMD16 compute shader".
  public let name: String
  /// Invocations that run in lockstep; 0 where the driver does not say.
  public let subgroupSize: Int
  /// All figures, in the driver's order.
  public let statistics: [ExecutableStatistic]

  /// An executable as a driver would describe it.
  public init(name: String, subgroupSize: Int, statistics: [ExecutableStatistic]) {
    self.name = name
    self.subgroupSize = subgroupSize
    self.statistics = statistics
  }
}

extension ComputePipeline {
  /// What the driver's compiler says about this pipeline, for each piece of machine code it made.
  ///
  /// Empty unless the pipeline was made `capturingStatistics` on a device with the feature
  /// `pipelineExecutableInfo`. Throws the result of the call that failed.
  public func executables() throws(VulkanError) -> [PipelineExecutable] {
    guard capturesStatistics, let properties = device.functions.getPipelineExecutableProperties,
      let statistics = device.functions.getPipelineExecutableStatistics
    else { return [] }
    let making = "the statistics of a compute pipeline"
    try device.requireUsable("vkGetPipelineExecutablePropertiesKHR", making: making)
    var info = VkPipelineInfoKHR()
    info.sType = VK_STRUCTURE_TYPE_PIPELINE_INFO_KHR
    info.pipeline = pipeline.handle
    var blank = VkPipelineExecutablePropertiesKHR()
    blank.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_PROPERTIES_KHR
    let parts = try list("vkGetPipelineExecutablePropertiesKHR", making, blank) {
      properties(device.handle, &info, $0, $1)
    }
    var executables: [PipelineExecutable] = []
    for (index, part) in parts.enumerated() {
      var which = VkPipelineExecutableInfoKHR()
      which.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR
      which.pipeline = pipeline.handle
      which.executableIndex = UInt32(index)
      var blank = VkPipelineExecutableStatisticKHR()
      blank.sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR
      let found = try list("vkGetPipelineExecutableStatisticsKHR", making, blank) {
        statistics(device.handle, &which, $0, $1)
      }
      executables.append(
        PipelineExecutable(
          name: text(part.name), subgroupSize: Int(part.subgroupSize),
          statistics: found.map(ExecutableStatistic.init)))
    }
    return executables
  }

  /// All structs that `call` gives: it is asked for their number, then for them.
  private func list<Struct>(
    _ name: String, _ making: String, _ blank: Struct,
    _ call: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<Struct>?) -> VkResult
  ) throws(VulkanError) -> [Struct] {
    var count: UInt32 = 0
    try device.check(call(&count, nil), name, making: making)
    var list = [Struct](repeating: blank, count: Int(count))
    try device.check(call(&count, &list), name, making: making)
    return Array(list.prefix(Int(count)))
  }
}

extension ExecutableStatistic {
  fileprivate init(_ raw: VkPipelineExecutableStatisticKHR) {
    let value: Value =
      switch raw.format {
      case VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_BOOL32_KHR: .bool(raw.value.b32 != 0)
      case VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_INT64_KHR: .integer(raw.value.i64)
      case VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_FLOAT64_KHR: .float(raw.value.f64)
      default: .unsigned(raw.value.u64)
      }
    self.init(name: text(raw.name), description: text(raw.description), value: value)
  }
}
