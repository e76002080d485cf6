public import Workloads

/// The catalogue has no kernel for a workload; one sentence.
public struct Unsupported: Error, Hashable, CustomStringConvertible {
  public let description: String
}

extension Kernel {
  /// The kernel that executes `workload` by `schedule`, which fits it: see
  /// ``Schedule/kernel(for:limits:)``.
  ///
  /// - Parameter uniformBytes: What one uniform block may see; a larger operand is bound in slices of this
  ///   size.
  public init(
    _ workload: Workload, schedule: Schedule, uniformBytes: Int = .max
  ) throws(Unsupported) {
    let output = ActivationLayout(workload.outputShape)
    let plan = try KernelPlan(workload, schedule: schedule)
    let activations = workload.activations.filter { $0.operand != .output }.map {
      (operand: $0.operand, layout: ActivationLayout($0.shape))
    }
    shader = plan.shader
    code = plan.code
    definitions = plan.definitions
    sharedBytes = plan.sharedTexels * 4 * schedule.accumulator.byteCount
    accumulator = schedule.accumulator
    errorGrowth = schedule.algorithm == .winograd4 ? Winograd.errorGrowth : 1
    constants =
      [
        ("GROUP_X", schedule.groupWidth), ("GROUP_Y", schedule.groupHeight), ("GROUP_Z", 1),
        ("HALO", ActivationLayout.halo), ("WIDTH", plan.width), ("HEIGHT", plan.height),
        ("BLOCKS", plan.blocks), ("OUTPUT_CHANNELS", output.shape.channels),
        ("OUTPUT_ROW", output.rowStride), ("OUTPUT_PLANE", output.planeStride),
      ]
      + activations.flatMap { operand, layout in
        let name = operand.rawValue.uppercased()
        return [
          ("\(name)_BLOCKS", layout.blocks), ("\(name)_ROW", layout.rowStride),
          ("\(name)_PLANE", layout.planeStride),
        ]
      }
    func binding(_ operand: Operand, _ placement: Schedule.Placement, _ content: Content) -> Binding
    {
      Binding(
        name: operand.rawValue, placement: placement, elementType: workload.elementType,
        content: content, sliceTexels: uniformBytes / 4 / workload.elementType.byteCount)
    }
    bindings =
      activations.map {
        binding($0.operand, schedule.input, .activation($0.operand, $0.layout))
      }
      + plan.parameters.map { packed in
        let placement =
          packed.operand == .weights
          ? schedule.weights.placement(packed.texelCount) : .storageBuffer
        return binding(packed.operand, placement, .parameters(packed))
      }
      + (plan.places.map { table in
        [
          Binding(
            name: "places", placement: schedule.weights.placement(table.texelCount),
            elementType: .float32, content: .places(table), sliceTexels: uniformBytes / 16)
        ]
      } ?? [])
      + [binding(.output, .storageBuffer, .activation(.output, output))]
    groups = (
      plan.invocations.x.dividedUp(by: schedule.groupWidth),
      plan.invocations.y.dividedUp(by: schedule.groupHeight), plan.invocations.z
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
