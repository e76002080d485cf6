internal import Measurement
internal import Networks
internal import Profiles
internal import Workloads

/// What `srprof measure` measures: a profile, the layers of networks, or both.
struct MeasuredSweep {
  /// For the table's header.
  let name: String
  let workloads: [Workload]
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
  init(
    profile: String?, networks: [String], fusingSplitBlocks: Bool, only patterns: [String]
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
    workloads = try all.matching(only: patterns, of: whole)
    name = patterns.isEmpty ? whole : "\(whole), only \(patterns.joined(separator: " or "))"
    rowSeconds = profile?.rowSeconds ?? StoppingRule().budgetSeconds
    let word = (profile?.name ?? "networks").map {
      $0.isLetter || $0.isNumber || $0 == "." ? $0 : "-"
    }
    fileName = "srprof-\(String(word))\(patterns.isEmpty ? "" : "-part").json"
  }
}
