internal import ArgumentParser
internal import Profiles

/// `srprof profiles`: what can be measured by name.
struct Profiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the shipped profiles.",
    discussion: """
      The time is that of the timed submissions, if no row is stable before its budget ends.

      Example: srprof profiles; srprof measure --profile wdsr-720p --dry-run
      """)

  func run() throws {
    var table = TextTable([
      ("profile", .left), ("rows", .right), ("at most", .right), ("description", .left),
    ])
    for name in ProfileChoice.names {
      let profile = try ProfileChoice(name).profile
      let seconds = Double(profile.workloads.count) * profile.rowSeconds
      table.add([
        name, "\(profile.workloads.count)", Format.time(seconds: seconds), profile.description,
      ])
    }
    Terminal.output(table.text)
  }
}
