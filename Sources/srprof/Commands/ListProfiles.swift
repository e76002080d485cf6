internal import ArgumentParser
internal import Profiles
internal import Report

/// `srprof profiles`: what can be measured by name.
struct ListProfiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "List the shipped profiles.",
    discussion: """
      The time is that of the timed submissions if no row is stable before its budget ends; preparing \
      and checking come on top.

      Example: srprof profiles; srprof measure --profile wdsr-720p --dry-run
      """)

  func run() throws {
    var table = TextTable([
      ("profile", .left), ("rows", .right), ("timed", .right), ("description", .left),
    ])
    for name in ProfileChoice.names {
      let profile = try ProfileChoice(name).profile
      let seconds = Double(profile.workloads.count) * profile.rowSeconds
      table.add([
        name, "\(profile.workloads.count)", Format.time(seconds: seconds), profile.description,
      ])
    }
    try Terminal.output(table.text)
  }
}
