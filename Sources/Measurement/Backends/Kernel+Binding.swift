package import DeviceProtocol
package import Kernels
package import Workloads

extension Kernel.Binding {
  /// What a buffer is made for to be bound so.
  package var usage: BufferUsage {
    switch placement {
    case .storageBuffer: .storage
    case .uniformBuffer: slices == nil ? .uniform : .uniformSlices
    case .texelBuffer: .uniformTexel
    case .image: .linearImage
    }
  }

  /// The bytes of a buffer of it, with the elements that `value` gives.
  package func contents(value: (Operand, Int) -> Float) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      fill(UnsafeMutableRawBufferPointer(buffer.extracting(..<byteCount)), value: value)
      count = byteCount
    }
  }
}

extension Kernel {
  /// The work-groups of a dispatch.
  package var groupCount: GroupCount {
    GroupCount(
      UInt32(clamping: groups.x), UInt32(clamping: groups.y), UInt32(clamping: groups.z))
  }
}

extension BindingKind {
  /// How a kernel's binding is declared to Vulkan.
  package init(_ binding: Kernel.Binding) {
    let width = Schedule.imageWidth
    switch (binding.placement, binding.elementType) {
    case (.storageBuffer, _): self = .storageBuffer
    case (.uniformBuffer, _):
      self =
        binding.slices.map { .uniformSlices(count: $0.count, bytes: $0.bytes) } ?? .uniformBuffer
    case (.image, .float32): self = .linearImage(width: width)
    case (.image, .float16): self = .linearImage16(width: width)
    case (.texelBuffer, .float32): self = .uniformTexelBuffer
    case (.texelBuffer, .float16): self = .uniformTexelBuffer16
    }
  }
}
