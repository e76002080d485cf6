public import Workloads

/// The catalogue has no kernel for a workload; one sentence.
public struct Unsupported: Error, Hashable, CustomStringConvertible {
  public let description: String
}

extension Kernel {
  /// The kernel that executes `workload` by `schedule`, which fits it: see
  /// ``Schedule/kernel(for:limits:views:weight:)``.
  ///
  /// - Parameters:
  ///   - uniformBytes: What one uniform block may see; a larger operand is bound in slices of this size.
  ///   - views: Activations that are some channels of a larger buffer.
  ///   - weight: The weights of a kernel that has them in its code, by row-major index; those of the test
  ///     data unless given.
  public init(
    _ workload: Workload, schedule: Schedule, uniformBytes: Int = .max,
    views: [Operand: ChannelView] = [:], weight: (@Sendable (Int) -> Float)? = nil
  ) throws(Unsupported) {
    let activations = try workload.placed(in: views)
    let plan = try KernelPlan(workload, schedule: schedule, weight: weight)
    shader = plan.shader
    code = plan.code
    definitions = plan.definitions
    sharedBytes = plan.sharedTexels * 4 * schedule.accumulator.byteCount
    turns = plan.turns
    accumulator = schedule.accumulator
    errorGrowth = schedule.algorithm == .winograd4 ? Winograd.errorGrowth(of: workload) : 1
    constants =
      [
        ("GROUP_X", schedule.groupWidth), ("GROUP_Y", schedule.groupHeight), ("GROUP_Z", 1),
        ("HALO", ActivationLayout.halo), ("WIDTH", plan.width), ("HEIGHT", plan.height),
        ("BLOCKS", plan.blocks), ("OUTPUT_CHANNELS", workload.outputShape.channels),
      ]
      + activations.flatMap(\.constants)
    func binding(_ operand: Operand, _ placement: Schedule.Placement, _ content: Content) -> Binding
    {
      Binding(
        name: operand.rawValue, placement: placement, elementType: workload.elementType,
        content: content, sliceTexels: uniformBytes / 4 / workload.elementType.byteCount)
    }
    // The output comes last.
    bindings =
      activations.dropLast().map {
        binding($0.operand, schedule.input, .activation($0.operand, $0.layout))
      }
      + plan.parameters.map { packed in
        binding(
          packed.operand, schedule.weights.placement(packed.texelCount), .parameters(packed))
      }
      + (plan.places.map { table in
        [
          Binding(
            name: "places", placement: schedule.weights.placement(table.texelCount),
            elementType: .float32, content: .places(table), sliceTexels: uniformBytes / 16)
        ]
      } ?? [])
      + activations.suffix(1).map {
        binding($0.operand, .storageBuffer, .activation($0.operand, $0.layout))
      }
    let (x, y) =
      plan.isTurned
      ? (plan.invocations.y, plan.invocations.x) : (plan.invocations.x, plan.invocations.y)
    groups = (
      x.dividedUp(by: schedule.groupWidth), y.dividedUp(by: schedule.groupHeight),
      plan.invocations.z
    )
  }
}

extension Schedule.WeightPath {
  /// What the weights are bound as. Shared memory and subgroups are filled through a texel buffer, as
  /// long as that has no more texels than every device allows.
  func placement(_ texels: Int) -> Schedule.Placement {
    switch self {
    case .storageBuffer: .storageBuffer
    case .uniformBuffer: .uniformBuffer
    case .texelBuffer: .texelBuffer
    case .sharedMemory, .subgroup, .code: texels <= 65536 ? .texelBuffer : .storageBuffer
    }
  }
}

extension Int {
  /// The quotient, rounded up.
  func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
