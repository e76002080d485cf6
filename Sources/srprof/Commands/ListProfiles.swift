internal import ArgumentParser
internal import Measurement
internal import Profiles
internal import Report

/// `srprof profiles`: what can be measured by name.
struct ListProfiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "List the shipped profiles.",
    discussion: """
      The column timed has the time of submissions if no row is stable before its budget ends, races that of races on \
      a device of which the store knows nothing. Preparing and checking come on top.

      Example: srprof profiles; srprof measure --profile wdsr-720p --dry-run
      """)

  func run() throws {
    var table = TextTable([
      ("profile", .left), ("rows", .right), ("timed", .right), ("races", .right),
      ("description", .left),
    ])
    for name in ProfileChoice.names {
      let profile = try ProfileChoice(name).profile
      let plan = Plan(
        profile: name, workloads: profile.workloads,
        rule: StoppingRule(budgetSeconds: profile.rowSeconds))
      table.add([
        name, "\(plan.workloads.count)", Format.time(seconds: plan.samplingSeconds),
        Format.time(seconds: plan.raceSeconds), profile.description,
      ])
    }
    try Terminal.output(table.text)
  }
}
