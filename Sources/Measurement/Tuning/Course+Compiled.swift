import Tables

/// Candidates that lose by what the device's compiler says of them.
extension Course {
  /// Numbers that an invocation may store and load for lack of registers: a few cost little.
  private static let fewSpilled = 32.0
  /// A kernel that leaves room for this share of the subgroups waits for memory most of the time.
  private static let fewWaves = 1.0 / 3

  /// Why a compiled candidate is not worth running beside those that ran: it keeps its numbers in memory, or
  /// leaves room for few subgroups, where another one does not. `nil` if it may win, or where the compiler says
  /// nothing.
  func loss(by statistics: Measurement.Compiled.Statistics?) -> Failure? {
    guard let statistics else { return nil }
    for rival in contenders where rival.nanoseconds != nil && rival.failure == nil {
      guard let other = rival.statistics else { continue }
      if statistics.spilling > Self.fewSpilled, other.spilling == 0 {
        return Failure(
          .overLimit,
          "not run: the driver's compiler stores and loads \(Int(statistics.spilling)) numbers of each "
            + "invocation for lack of registers, and none by \(rival.schedule)")
      }
      if let waves = statistics.normal["waves"], let most = other.normal["waves"],
        waves > 0, waves <= most * Self.fewWaves
      {
        return Failure(
          .overLimit,
          "not run: the driver's compiler leaves room for \(Int(waves)) subgroups on a core, and for "
            + "\(Int(most)) by \(rival.schedule)")
      }
    }
    return nil
  }
}
