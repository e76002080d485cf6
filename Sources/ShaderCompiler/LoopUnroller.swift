internal import CSPIRVOptimizer

/// Unrolls loops in SPIR-V, with SPIRV-Tools.
///
/// For drivers that move arrays to memory before they unroll the loops that index them: Mesa's v3dv all arrays,
/// its panvk those of more than 256 bytes.
public struct LoopUnroller {
  /// The same shader with those loops unrolled that `[[unroll]]` marks, and with values in place of arrays whose
  /// indices then are constants; `words` themselves if no loop is marked.
  ///
  /// `name` stands in errors. Throws the optimizer's log.
  public static func unrolled(_ words: [UInt32], name: String) throws(ShaderError) -> [UInt32] {
    guard hasMarkedLoop(words) else { return words }
    let outcome = spirv_optimizer_unroll(words, words.count)
    defer { spirv_optimizer_free(outcome) }
    guard let result = outcome.words else {
      let log = outcome.log.map { String(cString: $0) } ?? ""
      throw ShaderError(shader: name, log: log.isEmpty ? "its loops were not unrolled" : log)
    }
    return Array(UnsafeBufferPointer(start: result, count: outcome.count))
  }

  /// Words before the first instruction.
  private static let headerWords = 5
  /// `OpLoopMerge`: merge block, continue target, loop control.
  private static let loopMerge: UInt32 = 246
  /// The bit of a loop control that asks for unrolling.
  private static let unroll: UInt32 = 1

  private static func hasMarkedLoop(_ words: [UInt32]) -> Bool {
    var index = headerWords
    while index < words.count {
      // An instruction begins with the number of its words and its code.
      let length = Int(words[index] >> 16)
      if words[index] & 0xffff == loopMerge, length > 3, index + 3 < words.count,
        words[index + 3] & unroll != 0
      {
        return true
      }
      index += max(length, 1)
    }
    return false
  }
}
