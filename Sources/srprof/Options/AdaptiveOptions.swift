internal import ArgumentParser
internal import Execution
internal import Measurement
internal import Networks
internal import Workloads

/// Whether some rows of a profile are enough, and which.
struct AdaptiveOptions: ParsableArguments {
  @Flag(
    help: """
      Measure only rows that say most about the others, until those are predicted as well as --error asks, or \
      --time is over.
      """)
  var adaptive = false

  @Option(
    help: """
      With --adaptive: the mean error in per cent that predictions of the rows left out may be expected to have \
      (default: 5).
      """)
  var error: Share?

  @Option(
    help: ArgumentHelp(
      "With --adaptive: how long to measure at most, such as 90s, 20m or 2h.", valueName: "time"))
  var time: Seconds?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      """
      With --adaptive: a network that the table is for, such as wdsr-b:blocks=16,scale=4; its layers matter by how \
      long they take in it. May be given several times.
      """, valueName: "network"))
  var networks: [String] = []

  /// A time with its unit, or in seconds.
  struct Seconds: ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
      let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
      let unit = argument.last.flatMap { units[$0] }
      let number = unit == nil ? argument : String(argument.dropLast())
      guard let value = Double(number), value > 0, value.isFinite else { return nil }
      seconds = value * (unit ?? 1)
    }
  }

  func validate() throws {
    guard adaptive || (error == nil && time == nil && networks.isEmpty) else {
      throw ValidationError("--error, --time and --for belong to --adaptive.")
    }
    guard error.map({ $0.value > 0 && $0.value <= 1 }) ?? true else {
      throw ValidationError("--error is a number of per cent above 0, at most 100.")
    }
  }

  var goal: AdaptiveCampaign.Goal {
    AdaptiveCampaign.Goal(error: error?.value ?? 0.05, seconds: time?.seconds ?? .infinity)
  }

  /// How often each row runs in the networks that the table is for; empty where none is named.
  func importance(
    among rows: [Workload], fusingSplitBlocks: Bool
  ) throws(CommandFailure) -> [Workload: Double] {
    var counts: [Workload: Double] = [:]
    for network in networks {
      let lowered = try LoweredNetwork(
        argument: NetworkOptions.graph(of: network), fusingSplitBlocks: fusingSplitBlocks)
      for (workload, count) in lowered.counts { counts[workload, default: 0] += Double(count) }
    }
    guard networks.isEmpty || rows.contains(where: { counts[$0] != nil }) else {
      throw CommandFailure(
        .usage,
        "no row of the profile is a layer of \(networks.joined(separator: ", ")): measure its layers by --network"
      )
    }
    return counts
  }
}
