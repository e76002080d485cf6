import ShaderCompiler
import Testing

@Suite struct GLSLCompilerTests {
  /// A shader that compiles once a preamble says what its numbers are.
  private static let source = """
    #version 450
    layout(binding = 0) buffer Numbers { TYPE numbers[]; };
    void main() { numbers[gl_GlobalInvocationID.x] *= 2; }
    """

  @Test("compiled shaders are valid SPIR-V 1.3")
  func valid() throws {
    let words = try GLSLCompiler.spirv(
      from: Self.source, preamble: "#define TYPE float\n", name: "add")
    #expect(words.first == 0x0723_0203)
    #expect(words.dropFirst().first == 0x0001_0300)
    #expect(SPIRVValidator.validate(words) == nil)
  }

  @Test("damaged SPIR-V is told from valid SPIR-V")
  func invalid() throws {
    let words = try GLSLCompiler.spirv(
      from: Self.source, preamble: "#define TYPE float\n", name: "add")
    let message = try #require(SPIRVValidator.validate(Array(words.dropLast())))
    #expect(!message.isEmpty)
  }

  @Test("a shader that does not compile is named, with the compiler's log and its lines")
  func failure() throws {
    let source = "#version 450\nvoid main() {\n  missing = 1;\n}\n"
    let error = try #require(
      #expect(throws: ShaderError.self) { try GLSLCompiler.spirv(from: source, name: "broken") })
    #expect(error.shader == "broken")
    #expect(error.log.contains("0:3: 'missing'"))
    #expect(error.log.split(separator: "\n").count > 1)
    #expect(error.description.hasPrefix("broken did not compile: ERROR: 0:3: 'missing'"))
    #expect(!error.description.utf8.contains(10))
  }

  @Test("the preamble selects among variants without shifting lines")
  func preamble() throws {
    let error = #expect(throws: ShaderError.self) {
      try GLSLCompiler.spirv(
        from: "#version 450\nvoid main() { TYPE x; }\n",
        preamble: "#define A 1\n#define B 2\n#define TYPE unknown\n", name: "variant")
    }
    #expect(error?.log.contains("0:2:") == true)
  }

  @Test("many shaders compile at the same time")
  func parallel() async throws {
    let lengths = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try GLSLCompiler.spirv(from: Self.source, preamble: "#define TYPE float\n", name: "add")
            .count
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(lengths.count == 1)
  }

  @Test("the versions of both libraries are known")
  func versions() {
    #expect(GLSLCompiler.version.split(separator: ".").count == 3)
    #expect(SPIRVValidator.version.hasPrefix("v20"))
  }
}
