internal import DeviceProtocol
internal import Devices
internal import Kernels
internal import ShaderCompiler
public import Tables

extension VulkanBackend {
  /// Multiply-adds; `nil` in 16 bits on a device without them.
  public func prepare(_ shape: MultiplyAddShape) throws(Failure) -> (any Probe)? {
    if shape.half, !limits.shaderFloat16 { return nil }
    let unrolled = 4
    let extensions =
      shape.half ? "#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require" : ""
    let pipeline = try pipeline(
      "ceiling_multiply_add.comp", bindings: [.storageBuffer, .storageBuffer],
      groupSize: shape.groupSize,
      """
      \(extensions)
      #define TYPE \(shape.half ? "f16vec4" : "vec4")
      #define ACCUMULATORS \(shape.accumulators)
      #define PAIRS \(unrolled)
      layout(set = 0, binding = 0, std430) readonly buffer Factors { vec4 factors; uvec4 trips; };
      layout(set = 0, binding = 1, std430) writeonly buffer Output { vec4 output_[]; };
      """)
    do throws(VulkanError) {
      let factors = try Buffer(device: vulkan, byteCount: 32, usage: .storage)
      let step: Float = 1 / 512
      try factors.write([2, 0.5, 2 * step, step] as [Float])
      try factors.write([UInt32(MultiplyAddShape.pairs / unrolled), 0, 0, 0], at: 16)
      let output = try Buffer(
        device: vulkan, byteCount: shape.groupSize * shape.groups * 16, usage: .storage)
      try output.fill(VulkanProbe.poison)
      let set = try DescriptorSet(pipeline: pipeline, buffers: [factors, output])
      let dispatch = Dispatch(set: set, groups: GroupCount(UInt32(shape.groups)))
      return VulkanProbe(try RecordedChains([dispatch], device: vulkan, clock: clock)) {
        () throws(VulkanError) in
        let sums: [Float] = try output.contents()
        return sums.indices.allSatisfy { sums[$0] == Self.expectedSum(at: $0, shape) }
      }
    } catch {
      throw Failure(error)
    }
  }

  /// What invocation `index / 4` stores as number `index % 4`.
  private static func expectedSum(at index: Int, _ shape: MultiplyAddShape) -> Float {
    let start = (index / 4) % shape.groupSize & 63
    let vectors = shape.accumulators
    let steps = vectors * (256 + start + index % 4 + MultiplyAddShape.pairs)
    return Float(steps + 4 * (vectors * (vectors - 1) / 2)) / 256
  }

  /// Copies through a storage buffer and a texel buffer, one to eight texels for each invocation.
  public func prepareCopies(footprint: Int) throws(Failure) -> (any CopyProbes)? {
    // Whole work-groups of the larger shape.
    let unit = VulkanCopyProbes.groupSize * VulkanCopyProbes.mostTexels * 16
    let largest = min(
      16 << 20, limits.maxTexelBufferElements * 16, limits.maxStorageBufferRange, footprint / 2)
    let size = largest / unit * unit
    guard size > 0 else { return nil }
    let pattern = (0..<UInt32(size / 4)).map { $0 &* 2_654_435_769 ^ 0x5bd1_e995 }
    var ring: [(input: Buffer, output: Buffer)] = []
    do throws(VulkanError) {
      for _ in 0..<max(1, footprint / 2 / size) {
        let input = try Buffer(device: vulkan, byteCount: size, usage: [.storage, .uniformTexel])
        let output = try Buffer(device: vulkan, byteCount: size, usage: .storage)
        try input.write(pattern)
        try output.fill(VulkanProbe.poison)
        ring.append((input, output))
      }
    } catch {
      throw Failure(error)
    }
    return try VulkanCopyProbes(ring, pattern: pattern, backend: self)
  }

  /// A pipeline of a shader of the library, with declarations in front of it.
  func pipeline(
    _ shader: String, bindings: [BindingKind], groupSize: Int, _ declarations: String
  ) throws(Failure) -> ComputePipeline {
    do {
      let source = """
        #version 450
        #extension GL_EXT_control_flow_attributes : require
        \(declarations)
        layout(local_size_x_id = 0) in;
        #line 1
        \(try options.library.text(of: shader))
        """
      return try ComputePipeline(
        device: vulkan,
        spirv: try GLSLCompiler.spirv(
          from: source, name: shader, unrolling: limits.hasFewRegisters),
        bindings: bindings, constants: [UInt32(groupSize)])
    } catch let error as VulkanError {
      throw Failure(error)
    } catch {
      throw Failure(.notCompiled, "\(error)")
    }
  }
}
