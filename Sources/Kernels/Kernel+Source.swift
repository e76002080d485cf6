internal import Workloads

extension Kernel {
  /// The complete GLSL text.
  ///
  /// Definitions, constants and operands are declared here, once, from the same lists the device
  /// is given; the file holds only the algorithm. `real` and `real4` are the type of sums and
  /// products. Each operand `x` that is read gets `real4 load_x(uint texel)` and
  /// `real load_x(uint texel, uint lane)`, wherever it lies; the output gets
  /// `store_output(uint texel, real4)`. They count texels from the activation's own first one.
  public func source(from library: ShaderLibrary) throws(ShaderLibrary.Missing) -> String {
    var parts: [String] = []
    if definitions.contains(where: { $0.name == "WEIGHTS" }) {
      parts.append(try library.text(of: "weights.glsl"))
    }
    if definitions.contains(where: { $0.name == "EPILOGUE" }) {
      parts.append(try library.text(of: "epilogue.glsl"))
    }
    var lines = ["#version 450"] + extensions.map { "#extension \($0) : require" }
    lines += definitions.map { "#define \($0.name) \($0.value)" }
    let (real, real4) = accumulator == .float16 ? ("float16_t", "f16vec4") : ("float", "vec4")
    lines += ["#define real \(real)", "#define real4 \(real4)"]
    lines += constants.enumerated().map { id, constant in
      "layout(constant_id = \(id)) const uint \(constant.name) = 1;"
    }
    lines.append(
      "layout(local_size_x_id = 0, local_size_y_id = 1, local_size_z_id = 2) in;")
    lines += bindings.enumerated().map { $1.declaration(number: $0) }
    // Errors of the compiler then name lines of the file.
    let body: String
    if let code { body = code.text } else { body = try library.text(of: shader) }
    return lines.joined(separator: "\n") + "\n" + parts.joined() + "#line 1\n" + body
  }

  private var extensions: [String] {
    var list = ["GL_EXT_control_flow_attributes"]
    if bindings.contains(where: { $0.placement == .image }) {
      list.append("GL_EXT_samplerless_texture_functions")
    }
    if bindings.contains(where: { $0.elementType == .float16 && $0.placement == .storageBuffer }) {
      list.append("GL_EXT_shader_16bit_storage")
    }
    if accumulator == .float16 {
      list.append("GL_EXT_shader_explicit_arithmetic_types_float16")
    }
    if definitions.contains(where: { $0.name == "WEIGHTS_SUBGROUP" }) {
      list += ["GL_KHR_shader_subgroup_basic", "GL_KHR_shader_subgroup_shuffle"]
    }
    return list
  }
}

extension Kernel.Binding {
  fileprivate func declaration(number: Int) -> String {
    let place = "set = 0, binding = \(number)"
    // The type in a storage buffer; texel buffers convert by themselves.
    let texel = elementType == .float16 ? "f16vec4" : "vec4"
    if case .activation(.output, _) = content {
      return """
        layout(\(place), std430) writeonly buffer Output { \(texel) output_[]; };
        void store_output(uint texel, real4 value) { output_[texel + OUTPUT_FIRST] = \(texel)(value); }
        """
    }
    // Whole numbers keep all of their bits, whatever the type of sums.
    let (one, four) = isWhole ? ("float", "vec4") : ("real", "real4")
    let (declaration, access) = reading(place: place, texel: texel)
    // Where the activation begins in a buffer of more channels.
    var first = ""
    if case .activation = content { first = "texel += \(name.uppercased())_FIRST; " }
    return """
      \(declaration)
      \(four) load_\(name)(uint texel) { \(first)return \(four)(\(access)); }
      \(one) load_\(name)(uint texel, uint lane) { return load_\(name)(texel)[lane]; }
      """
  }

  /// How an operand that is read is declared, and how one of its texels is got at.
  private func reading(place: String, texel: String) -> (declaration: String, access: String) {
    switch (placement, elementType) {
    case (.storageBuffer, _):
      (
        "layout(\(place), std430) readonly buffer Block_\(name) { \(texel) \(name)_[]; };",
        "\(name)_[texel]"
      )
    case (.uniformBuffer, .float32):
      (uniformBlock(place, "vec4"), uniformElement("texel"))
    case (.uniformBuffer, .float16):
      // Arrays in uniform blocks have a stride of 16 bytes: two texels of 16-bit numbers.
      (
        """
        \(uniformBlock(place, "uvec4"))
        vec4 unpacked_\(name)(uint texel) {
          const uvec4 two = \(uniformElement("texel / 2"));
          const uvec2 it = texel % 2 == 0 ? two.xy : two.zw;
          return vec4(unpackHalf2x16(it.x), unpackHalf2x16(it.y));
        }
        """,
        "unpacked_\(name)(texel)"
      )
    case (.texelBuffer, _):
      (
        "layout(\(place)) uniform samplerBuffer \(name)_;", "texelFetch(\(name)_, int(texel))"
      )
    case (.image, _):
      (
        "layout(\(place)) uniform texture2D \(name)_;",
        "texelFetch(\(name)_, ivec2(texel % \(Schedule.imageWidth)u, "
          + "texel / \(Schedule.imageWidth)u), 0)"
      )
    }
  }

  /// One uniform block for the whole operand, or an array of blocks for its slices.
  private func uniformBlock(_ place: String, _ element: String) -> String {
    let (count, bytes) = slices ?? (0, byteCount)
    let array = count > 0 ? " \(name)_slices[\(count)]" : ""
    return "layout(\(place), std140) uniform Block_\(name) "
      + "{ \(element) \(name)_[\(bytes / 16)]; }\(array);"
  }

  /// An element of 16 bytes of ``uniformBlock(_:_:)``.
  private func uniformElement(_ index: String) -> String {
    guard let slices else { return "\(name)_[\(index)]" }
    let length = slices.bytes / 16
    return "\(name)_slices[(\(index)) / \(length)].\(name)_[(\(index)) % \(length)]"
  }

  private var isWhole: Bool {
    if case .places = content { true } else { false }
  }
}
