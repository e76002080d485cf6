package import Kernels
package import Tables

/// The choice of the standard schedule by what the device's compiler makes of the most promising ones.
package enum StandardChoice {
  /// The first of `heads` that keeps everything in registers. Where none does, the one that spills least for
  /// each output of its tile; of a compiler that says nothing, the first that compiles; of heads that all fail,
  /// the first, to say why.
  ///
  /// - Parameter compiled: The facts of a compiled schedule; `nil` if compiling failed. It is asked for no more heads
  ///   than needed.
  package static func schedule(
    of heads: [Schedule], compiled: (Schedule) -> Measurement.Compiled?
  ) -> Schedule? {
    var best: (schedule: Schedule, spilling: Double)?
    for head in heads {
      guard let facts = compiled(head) else { continue }
      guard let statistics = facts.statistics else { return best?.schedule ?? head }
      let spilling = statistics.spilling / Double(head.tileOutputs)
      if spilling == 0 { return head }
      if spilling < best?.spilling ?? .infinity { best = (head, spilling) }
    }
    return best?.schedule ?? heads.first
  }
}

extension Measurement.Compiled.Statistics {
  /// How much goes to memory for lack of registers: numbers stored and loaded, or four times those that live
  /// there, since compilers do not count how often they index an array. Zero where everything stays in registers.
  package var spilling: Double {
    func figure(_ name: String) -> Double { normal[name] ?? 0 }
    return max(figure("spills") + figure("fills"), figure("scratchBytes"))
  }
}

extension Schedule {
  /// Texels that one invocation computes.
  fileprivate var tileOutputs: Int { tileWidth * tileHeight * tileBlocks }
}
