internal import Files
internal import Profiles
internal import Workloads

/// A profile by name, from those carried in the program, or by path.
struct ProfileChoice {
  let profile: Profile
  /// The profile's file and its masks; none for a shipped profile.
  let files: [String]

  /// Names of the shipped profiles, sorted.
  static var names: [String] { NamedText.names(in: folder) }

  private static let folder = "Profiles/"

  /// `choice` is a shipped name, or a path.
  init(_ choice: String) throws(CommandFailure) {
    let chosen = try NamedText(choice, in: Self.folder, what: "profile")
    var files = NamedText.path(choice).map { [$0] } ?? []
    do throws(ProfileError) {
      profile = try Profile(yaml: chosen.text, file: chosen.file) { mask throws(UnreadableFile) in
        files.append(mask)
        do throws(FileContents.Failure) {
          return try FileContents.read(mask, beside: chosen.file)
        } catch {
          throw UnreadableFile(reason: error.clause)
        }
      }
    } catch {
      throw CommandFailure(.badFile, error.description)
    }
    self.files = files
  }
}

extension [Workload] {
  /// Those that any of the patterns of `--only` matches; all without patterns.
  ///
  /// - Parameter whole: What they are, for the error if a pattern matches none.
  func matching(only patterns: [String], of whole: String) throws(CommandFailure) -> [Workload] {
    let filters = try WorkloadFilter.parse(
      patterns, among: self, "workload of \(whole)",
      advice: "; srprof measure --dry-run lists them")
    return filter(filters.allow)
  }
}
