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
  /// Its meaning, in the driver's words; units are often only here.
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
