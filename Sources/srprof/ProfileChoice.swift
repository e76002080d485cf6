internal import FoundationEssentials
internal import Profiles
internal import Resources
internal import Workloads

/// A profile by name, from those carried in the program, or by path.
struct ProfileChoice {
  let profile: Profile

  /// Names of the shipped profiles, sorted.
  static var names: [String] { shipped.keys.sorted() }

  private static let shipped: [String: String] = {
    let texts = EmbeddedFiles.texts(in: "Profiles/")
    return Dictionary(uniqueKeysWithValues: texts.map { (String($0.key.dropLast(5)), $0.value) })
  }()

  /// `choice` is a shipped name, or a path: it then has a slash or ends in `.yaml` or `.yml`.
  init(_ choice: String) throws(CommandFailure) {
    if let text = Self.shipped[choice] {
      profile = try Self.parse(text, file: "\(choice).yaml")
    } else if choice.contains("/") || choice.hasSuffix(".yaml") || choice.hasSuffix(".yml") {
      let bytes: [UInt8]
      do throws(UnreadableFile) { bytes = try Self.read(choice) } catch {
        throw CommandFailure(.inputOutput, "\(choice): \(error.reason)")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw CommandFailure(.badFile, "\(choice): not a text in UTF-8")
      }
      profile = try Self.parse(text, file: choice)
    } else {
      let hint = nearest(to: choice, in: Self.names).map { "did you mean '\($0)'? " } ?? ""
      throw CommandFailure(
        .usage,
        "no profile '\(choice)'; \(hint)there are \(Self.names.joined(separator: ", ")), "
          + "or give a path to a YAML file")
    }
  }

  private static func parse(_ text: String, file: String) throws(CommandFailure) -> Profile {
    do throws(ProfileError) {
      return try Profile(yaml: text, file: file, readFile: read)
    } catch {
      throw CommandFailure(.badFile, error.description)
    }
  }

  private static func read(_ path: String) throws(UnreadableFile) -> [UInt8] {
    do { return [UInt8](try Data(contentsOf: URL(filePath: path))) } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw UnreadableFile(reason: exists ? "cannot be read" : "no such file")
    }
  }
}

extension Profile {
  /// The workloads that any of the patterns of `--only` matches; all without patterns.
  func workloads(only patterns: [String]) throws(CommandFailure) -> [Workload] {
    guard !patterns.isEmpty else { return workloads }
    let filters = try WorkloadFilter.parse(patterns)
    let chosen = workloads.filter { workload in filters.contains { $0.matches(workload) } }
    guard chosen.isEmpty else { return chosen }
    throw CommandFailure(
      .usage,
      "no workload of profile \(name) matches \(patterns.joined(separator: " or ")); "
        + "srprof measure --dry-run lists them")
  }
}
