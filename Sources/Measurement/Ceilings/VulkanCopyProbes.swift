internal import DeviceProtocol
internal import Devices
internal import Tables

/// Copies between the same ring of buffers, through every path and with one to eight texels for each
/// invocation.
final class VulkanCopyProbes: CopyProbes {
  static let groupSize = 64
  /// Texels of one invocation, at most.
  static let mostTexels = 8

  let paths: [(name: String, probe: any Probe)]
  let ringSize: Int
  let bytes: Int

  /// All buffers of the ring are of one size; inputs hold `pattern`, outputs something else.
  init(
    _ ring: [(input: Buffer, output: Buffer)], pattern: [UInt32], backend: VulkanBackend
  ) throws(Failure) {
    ringSize = ring.count
    bytes = pattern.count * 8
    var paths: [(name: String, probe: any Probe)] = []
    for (name, kind, declaration) in Self.readings {
      for texels in [1, 4, Self.mostTexels] {
        let pipeline = try backend.pipeline(
          "ceiling_copy.comp", bindings: [kind, .storageBuffer], groupSize: Self.groupSize,
          """
          #define TEXELS \(texels)
          \(declaration)
          layout(set = 0, binding = 1, std430) writeonly buffer Output { vec4 output_[]; };
          """)
        let groups = GroupCount(UInt32(pattern.count / 4 / texels / Self.groupSize))
        paths.append((name, try Self.probe(pipeline, groups, ring, pattern, backend)))
      }
    }
    self.paths = paths
  }

  private static func probe(
    _ pipeline: ComputePipeline, _ groups: GroupCount, _ ring: [(input: Buffer, output: Buffer)],
    _ pattern: [UInt32], _ backend: VulkanBackend
  ) throws(Failure) -> VulkanProbe {
    do throws(VulkanError) {
      var dispatches: [Dispatch] = []
      for (input, output) in ring {
        let set = try DescriptorSet(pipeline: pipeline, buffers: [input, output])
        dispatches.append(Dispatch(set: set, groups: groups))
      }
      let chains = try RecordedChains(dispatches, device: backend.vulkan, clock: backend.clock)
      return VulkanProbe(chains) { () throws(VulkanError) in
        guard let output = ring.first?.output else { return false }
        let right = try output.contents() == pattern
        // The next path must write it again.
        try output.fill(VulkanProbe.poison)
        return right
      }
    } catch {
      throw Failure(error)
    }
  }

  /// How the bytes are read: the path's name, the binding and what declares it.
  private static let readings: [(String, BindingKind, String)] = [
    (
      "storage", .storageBuffer,
      """
      layout(set = 0, binding = 0, std430) readonly buffer Input { vec4 input_[]; };
      vec4 load_input(uint texel) { return input_[texel]; }
      """
    ),
    (
      "texel", .uniformTexelBuffer,
      """
      layout(set = 0, binding = 0) uniform samplerBuffer input_;
      vec4 load_input(uint texel) { return texelFetch(input_, int(texel)); }
      """
    ),
  ]
}
