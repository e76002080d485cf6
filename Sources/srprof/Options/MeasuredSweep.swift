internal import Measurement
internal import Networks
internal import Profiles
internal import Tables
internal import Workloads

/// What `srprof measure` measures: a profile, the layers of networks, or both.
struct MeasuredSweep {
  /// For the table's header.
  let name: String
  /// Those of the shard, if there is one.
  let workloads: [Workload]
  /// All of them.
  let sweep: Sweep
  /// Files that say so: the profile's, and its masks.
  let files: [String]
  /// Seconds of timed submissions for each row.
  let rowSeconds: Double
  /// Of the table where no other is named: in the current folder; a part does not replace the whole.
  let fileName: String

  /// - Parameters:
  ///   - profile: A shipped name or a path; `nil` for `quick`, or for no profile beside networks.
  ///   - networks: Descriptions of networks.
  ///   - fusingSplitBlocks: Whether a SplitSR block is one workload.
  ///   - only: Patterns that names of workloads have to match, if there are any.
  ///   - shard: The part of what is left.
  init(
    profile: String?, networks: [String], fusingSplitBlocks: Bool, only patterns: [String],
    shard: Shard?
  ) throws(CommandFailure) {
    let choice: ProfileChoice? =
      if let profile {
        try ProfileChoice(profile)
      } else {
        networks.isEmpty ? try ProfileChoice("quick") : nil
      }
    let profile = choice?.profile
    files = choice?.files ?? []
    var seen: Set<Workload> = []
    var all = (profile?.workloads ?? []).filter { seen.insert($0).inserted }
    for network in networks {
      let lowered = try LoweredNetwork(
        argument: NetworkOptions.graph(of: network), fusingSplitBlocks: fusingSplitBlocks)
      all += lowered.counts.map(\.workload).filter { seen.insert($0).inserted }
    }
    let whole = ([profile?.name].compactMap(\.self) + networks).joined(separator: ", ")
    let chosen = try all.matching(only: patterns, of: whole)
    if let shard, shard.of > chosen.count {
      throw CommandFailure(
        .usage,
        "--shard \(shard) cuts \(chosen.count) row\(chosen.count == 1 ? "" : "s") into \(shard.of) shards, "
          + "and none may be empty: \(chosen.count) at most")
    }
    workloads = shard?.part(of: chosen) ?? chosen
    sweep = Sweep(chosen)
    name = patterns.isEmpty ? whole : "\(whole), only \(patterns.joined(separator: " or "))"
    rowSeconds = profile?.rowSeconds ?? StoppingRule().budgetSeconds
    let word = (profile?.name ?? "networks").map {
      $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-"
    }
    let part = patterns.isEmpty ? "" : "-part"
    let cut = shard.map { "-shard-\($0.index)-of-\($0.of)" } ?? ""
    fileName = "srprof-\(String(word))\(part)\(cut).json"
  }
}
