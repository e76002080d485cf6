import ShaderCompiler
import Testing

@Suite("Loops unrolled in SPIR-V")
struct LoopUnrollerTests {
  /// Sums in an array over marked loops, one inside the other, within a loop that stays.
  private static func source(_ mark: String) -> String {
    """
    #version 450
    #extension GL_EXT_control_flow_attributes : require
    layout(constant_id = 0) const uint TURNS = 3;
    layout(local_size_x_id = 1) in;
    layout(binding = 0) buffer Numbers { vec4 numbers[]; };
    vec4 load(uint texel) { return numbers[texel]; }
    void main() {
      vec4 sum[2][3];
      \(mark) for (int y = 0; y < 2; ++y)
        \(mark) for (int x = 0; x < 3; ++x) sum[y][x] = vec4(0);
      uint turn = 0;
      do {
        \(mark) for (int y = 0; y < 2; ++y)
          \(mark) for (int x = 0; x < 3; ++x) {
            sum[y][x] += load(turn * 6 + y * 3 + x);
            \(mark) for (uint lane = 0; lane < 4; ++lane)
              if (lane > turn) sum[y][x][lane] = 1;
          }
      } while (++turn < TURNS);
      \(mark) for (int y = 0; y < 2; ++y)
        \(mark) for (int x = 0; x < 3; ++x)
          if (x < TURNS) numbers[gl_GlobalInvocationID.x * 6 + y * 3 + x] = sum[y][x];
    }
    """
  }

  @Test("are gone, and the array in them too; the other loop and the constants stay")
  func unrolls() throws {
    let source = Self.source("[[unroll]]")
    let plain = try GLSLCompiler.spirv(from: source, name: "sums")
    let words = try GLSLCompiler.spirv(from: source, name: "sums", unrolling: true)
    #expect(SPIRVValidator.validate(words) == nil)
    #expect(Self.count(.loopMerge, in: plain) == 8)
    #expect(Self.count(.loopMerge, in: words) == 1)
    #expect(Self.functionVariables(in: plain) > 0)
    #expect(Self.functionVariables(in: words) == 0)
    #expect(Self.count(.specConstant, in: words) == Self.count(.specConstant, in: plain))
  }

  @Test("are only those that are marked: another shader stays word for word")
  func leavesOthers() throws {
    let words = try GLSLCompiler.spirv(from: Self.source(""), name: "sums")
    #expect(try LoopUnroller.unrolled(words, name: "sums") == words)
    #expect(try LoopUnroller.unrolled([], name: "nothing").isEmpty)
  }

  @Test("of damaged SPIR-V are an error with the shader's name")
  func refusesDamage() throws {
    var words = try GLSLCompiler.spirv(from: Self.source("[[unroll]]"), name: "sums")
    words.removeLast(3)
    words[5] = 0x0001_ffff
    let error = #expect(throws: ShaderError.self) {
      try LoopUnroller.unrolled(words, name: "sums")
    }
    #expect(error?.shader == "sums")
    #expect(error?.log.isEmpty == false)
  }

  private enum Code: UInt32 {
    case specConstant = 50
    case variable = 59
    case loopMerge = 246
  }

  private static func count(_ code: Code, in words: [UInt32]) -> Int {
    instructions(words).count { $0[0] & 0xffff == code.rawValue }
  }

  /// Variables of storage class Function, 7.
  private static func functionVariables(in words: [UInt32]) -> Int {
    instructions(words).count { $0[0] & 0xffff == Code.variable.rawValue && $0[3] == 7 }
  }

  private static func instructions(_ words: [UInt32]) -> [[UInt32]] {
    var list: [[UInt32]] = []
    var index = 5
    while index < words.count {
      let length = max(1, Int(words[index] >> 16))
      list.append(Array(words[index..<min(words.count, index + length)]))
      index += length
    }
    return list
  }
}
