internal import Profiles
internal import Workloads

/// A profile by name, from those carried in the program, or by path.
struct ProfileChoice {
  let profile: Profile

  /// Names of the shipped profiles, sorted.
  static var names: [String] { NamedText.names(in: folder) }

  private static let folder = "Profiles/"

  /// `choice` is a shipped name, or a path.
  init(_ choice: String) throws(CommandFailure) {
    let chosen = try NamedText(choice, in: Self.folder, what: "profile")
    do throws(ProfileError) {
      profile = try Profile(yaml: chosen.text, file: chosen.file, readFile: NamedText.read)
    } catch {
      throw CommandFailure(.badFile, error.description)
    }
  }
}

extension [Workload] {
  /// Those that any of the patterns of `--only` matches; all without patterns.
  ///
  /// - Parameter whole: What they are, for the error if none is left.
  func matching(only patterns: [String], of whole: String) throws(CommandFailure) -> [Workload] {
    let filters = try WorkloadFilter.parse(patterns)
    let chosen = filter(filters.allow)
    guard chosen.isEmpty, !patterns.isEmpty else { return chosen }
    throw CommandFailure(
      .usage,
      "no workload of \(whole) matches \(patterns.joined(separator: " or ")); "
        + "srprof measure --dry-run lists them")
  }
}
