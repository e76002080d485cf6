import CGlslang

/// Compiles GLSL compute shaders to SPIR-V 1.3 for Vulkan 1.1, without optimization.
///
/// The only user of glslang.
public struct GLSLCompiler {
  /// glslang wants to be initialized once per process, and is left so until the process ends.
  private static let initialized = glslang_initialize_process() != 0

  /// Version of glslang, such as "12.0.0".
  public static let version =
    "\(GLSLANG_VERSION_MAJOR).\(GLSLANG_VERSION_MINOR).\(GLSLANG_VERSION_PATCH)"

  /// The words of SPIR-V for a compute shader with the entry point "main".
  ///
  /// `preamble` is text, mostly `#define` lines, that takes effect after the `#version` line of
  /// `source` and does not count in line numbers. `unrolling` has loops unrolled by ``LoopUnroller``.
  /// `name` stands in errors. Throws the compiler's log.
  public static func spirv(
    from source: String, preamble: String = "", name: String, unrolling: Bool = false
  ) throws(ShaderError) -> [UInt32] {
    guard initialized else { throw ShaderError(shader: name, log: "glslang did not initialize") }
    let outcome = source.withCString { source in
      preamble.withCString { preamble in compile(source, preamble: preamble) }
    }
    switch outcome {
    case .words(let words):
      return unrolling ? try LoopUnroller.unrolled(words, name: name) : words
    case .log(let log): throw ShaderError(shader: name, log: log)
    }
  }

  private enum Outcome {
    case words([UInt32])
    case log(String)
  }

  private static func compile(
    _ source: UnsafePointer<CChar>, preamble: UnsafePointer<CChar>
  ) -> Outcome {
    let messages =
      GLSLANG_MSG_SPV_RULES_BIT.rawValue | GLSLANG_MSG_VULKAN_RULES_BIT.rawValue
    var input = glslang_input_t()
    input.language = GLSLANG_SOURCE_GLSL
    input.stage = GLSLANG_STAGE_COMPUTE
    input.client = GLSLANG_CLIENT_VULKAN
    input.client_version = GLSLANG_TARGET_VULKAN_1_1
    input.target_language = GLSLANG_TARGET_SPV
    input.target_language_version = GLSLANG_TARGET_SPV_1_3
    input.code = source
    input.default_version = 450
    input.default_profile = GLSLANG_NO_PROFILE
    input.messages = glslang_messages_t(rawValue: messages)
    input.resource = glslang_default_resource()

    guard let shader = glslang_shader_create(&input) else { return .log("no memory for a shader") }
    defer { glslang_shader_delete(shader) }
    glslang_shader_set_preamble(shader, preamble)
    guard glslang_shader_preprocess(shader, &input) != 0, glslang_shader_parse(shader, &input) != 0
    else {
      return .log(log(glslang_shader_get_info_log(shader)))
    }
    guard let program = glslang_program_create() else { return .log("no memory for a program") }
    defer { glslang_program_delete(program) }
    glslang_program_add_shader(program, shader)
    guard glslang_program_link(program, Int32(messages)) != 0 else {
      return .log(log(glslang_program_get_info_log(program)))
    }
    glslang_program_SPIRV_generate(program, GLSLANG_STAGE_COMPUTE)
    let count = glslang_program_SPIRV_get_size(program)
    guard count > 0, let words = glslang_program_SPIRV_get_ptr(program) else {
      return .log(log(glslang_program_SPIRV_get_messages(program)))
    }
    return .words(Array(UnsafeBufferPointer(start: words, count: count)))
  }

  private static func log(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }
}
