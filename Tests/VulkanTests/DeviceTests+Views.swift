import DeviceProtocol
import ShaderCompiler
import Testing
import Vulkan

/// The ways a shader may see a buffer, other than as storage.
extension DeviceTests {
  /// Copies the texels that `access` names from `declaration` at binding 0 to a storage buffer.
  private static func copying(_ declaration: String, _ access: String) -> String {
    """
    #version 450
    #extension GL_EXT_samplerless_texture_functions : require
    layout(local_size_x = 16) in;
    layout(binding = 0) uniform \(declaration);
    layout(binding = 1) writeonly buffer Copy { vec4 copy[]; };
    void main() { const uint texel = gl_GlobalInvocationID.x; copy[texel] = \(access); }
    """
  }

  /// What a shader sees of a buffer of `texels` texels that another shader wrote before.
  private static func seen(
    _ kind: BindingKind, _ usage: Buffer.Usage, texels: Int, _ declaration: String,
    _ access: String
  ) throws -> (seen: [Float], written: [Float]) {
    let device = try device()
    let buffer = try Buffer(
      device: device, byteCount: texels * 16, usage: [usage, .storage])
    let other = try Buffer(device: device, byteCount: texels * 16, usage: .storage)
    let groups = GroupCount(UInt32(texels / 16))
    let copy = try ComputePipeline(
      device: device,
      spirv: try GLSLCompiler.spirv(from: copying(declaration, access), name: "copy"),
      bindings: [kind, .storageBuffer])
    let copied = try Dispatch(
      pipeline: copy, set: DescriptorSet(pipeline: copy, buffers: [buffer, other]),
      groups: groups)
    let numbers = (0..<texels * 4).map(Float.init)
    try buffer.write(numbers)
    // Writes twice the numbers, so that nothing seen can be what lay there before.
    let double = try ComputePipeline(
      device: device,
      spirv: try GLSLCompiler.spirv(
        from: """
          #version 450
          layout(local_size_x = 16) in;
          layout(binding = 0) buffer Texels { vec4 texels[]; };
          void main() { texels[gl_GlobalInvocationID.x] *= 2; }
          """, name: "double"), bindings: [.storageBuffer])
    let doubled = try Dispatch(
      pipeline: double, set: DescriptorSet(pipeline: double, buffers: [buffer]), groups: groups)
    _ = try TimedCommands(device: device, dispatches: [doubled, copied])
      .run(timeoutNanoseconds: 60 * seconds)
    let result = try other.contents(as: Float.self)
    try device.instance.checkValidation()
    return (result, numbers.map { $0 * 2 })
  }

  @Test("an image over a buffer shows what a shader wrote to it", arguments: [4096, 4096 * 3 + 16])
  func image(texels: Int) throws {
    let width = 4096
    let limits = try Self.device().physicalDevice.limits
    try #require(limits.maxLinearImageDimension >= width)
    let (seen, written) = try Self.seen(
      .linearImage(width: width), .linearImage, texels: texels, "texture2D image",
      "texelFetch(image, ivec2(texel % \(width), texel / \(width)), 0)")
    #expect(seen == written)
  }

  @Test("uniform blocks see a buffer in slices")
  func slices() throws {
    let (seen, written) = try Self.seen(
      .uniformSlices(count: 3, bytes: 16384), .uniformSlices, texels: 3072,
      "Slice { vec4 texels[1024]; } slices[3]",
      "slices[gl_WorkGroupID.x / 64].texels[texel % 1024]")
    #expect(seen == written)
  }

  @Test("an image with more rows than allowed is refused with the limit's name")
  func imageLimit() throws {
    let device = try Self.device()
    let pipeline = try ComputePipeline(
      device: device,
      spirv: try GLSLCompiler.spirv(
        from: Self.copying("texture2D image", "texelFetch(image, ivec2(texel, 0), 0)"),
        name: "copy"),
      bindings: [.linearImage(width: 1), .storageBuffer])
    let buffer = try Buffer(
      device: device, byteCount: (device.physicalDevice.limits.maxLinearImageDimension + 1) * 16,
      usage: [.linearImage, .storage])
    let error = #expect(throws: VulkanError.self) {
      try DescriptorSet(pipeline: pipeline, buffers: [buffer, buffer])
    }
    #expect(error?.reason == .limit("maxLinearImageDimension"))
    try device.instance.checkValidation()
  }
}
