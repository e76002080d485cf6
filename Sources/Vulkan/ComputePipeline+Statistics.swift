import CVulkan
public import DeviceProtocol

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
