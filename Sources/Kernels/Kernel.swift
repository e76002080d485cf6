public import Workloads

/// A shader with everything needed to run it: text, constants, operands and dispatch.
public struct Kernel: Sendable {
  /// One operand and where the shader finds it; its position is the binding number.
  public struct Binding: Hashable, Sendable {
    public let operand: Operand
    public let placement: Schedule.Placement
    /// What the buffer holds.
    public let content: Content
  }

  /// What a buffer holds, and in which order.
  public enum Content: Hashable, Sendable {
    /// An activation in the canonical layout.
    case activation(ActivationLayout)
    /// Learned numbers, packed as the kernel reads them.
    case parameters(PackedParameters)

    /// Size of the buffer in bytes.
    public var byteCount: Int {
      switch self {
      case .activation(let layout): layout.byteCount
      case .parameters(let packed): packed.byteCount
      }
    }
  }

  /// File in the shader library.
  public let shader: String
  /// Bindings in order of their numbers.
  public let bindings: [Binding]
  /// Preprocessor definitions: what changes declarations, types or unrolling.
  public let definitions: [(name: String, value: String)]
  /// Specialization constants in order of their ids: work-group shape first, then sizes and strides.
  public let constants: [(name: String, value: Int)]
  /// Work-groups along x, y and z.
  public let groups: (x: Int, y: Int, z: Int)

  /// Values of the specialization constants, by id.
  public var constantValues: [UInt32] { constants.map { UInt32(truncatingIfNeeded: $0.value) } }
}

extension Kernel {
  /// A dispatch of one work-group that does nothing.
  public static let empty = Kernel(
    shader: "empty.comp", bindings: [], definitions: [],
    constants: [("GROUP_X", 1), ("GROUP_Y", 1), ("GROUP_Z", 1)], groups: (1, 1, 1))

  /// The complete GLSL text.
  ///
  /// Definitions, constants and operands are declared here, once, from the same lists the device
  /// is given; the file holds only the algorithm. Each operand `x` that is read gets
  /// `vec4 load_x(uint texel)` and `float load_x(uint texel, uint lane)`, wherever it lies; the
  /// output gets `store_output(uint texel, vec4)`.
  public func source(from library: ShaderLibrary) throws(ShaderLibrary.Missing) -> String {
    let body = try library.text(of: shader)
    let epilogue =
      definitions.contains { $0.name == "EPILOGUE" }
      ? try library.text(of: "epilogue.glsl") : ""
    var lines = ["#version 450"]
    lines += definitions.map { "#define \($0.name) \($0.value)" }
    lines += constants.enumerated().map { id, constant in
      "layout(constant_id = \(id)) const uint \(constant.name) = 1;"
    }
    lines.append(
      "layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;")
    lines += bindings.enumerated().map { Self.declaration($1, number: $0) }
    // Errors of the compiler then name lines of the file.
    return lines.joined(separator: "\n") + "\n" + epilogue + "#line 1\n" + body
  }

  private static func declaration(_ binding: Binding, number: Int) -> String {
    let name = binding.operand.rawValue
    let place = "set = 0, binding = \(number)"
    if binding.operand == .output {
      return """
        layout(\(place), std430) writeonly buffer Output { vec4 output_[]; };
        void store_output(uint texel, vec4 value) { output_[texel] = value; }
        """
    }
    switch binding.placement {
    case .storageBuffer:
      return """
        layout(\(place), std430) readonly buffer Block_\(name) { vec4 \(name)_[]; };
        vec4 load_\(name)(uint texel) { return \(name)_[texel]; }
        float load_\(name)(uint texel, uint lane) { return \(name)_[texel][lane]; }
        """
    case .uniformBuffer:
      return """
        layout(\(place), std140) uniform Block_\(name) { vec4 \(name)_[\(binding.content.byteCount / 16)]; };
        vec4 load_\(name)(uint texel) { return \(name)_[texel]; }
        float load_\(name)(uint texel, uint lane) { return \(name)_[texel][lane]; }
        """
    case .texelBuffer:
      return """
        layout(\(place)) uniform samplerBuffer \(name)_;
        vec4 load_\(name)(uint texel) { return texelFetch(\(name)_, int(texel)); }
        float load_\(name)(uint texel, uint lane) { return texelFetch(\(name)_, int(texel))[lane]; }
        """
    }
  }
}
