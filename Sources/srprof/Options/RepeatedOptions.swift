internal import ArgumentParser
internal import FoundationEssentials

/// Options of one value that are given several times: the parser takes the last one without a word.
enum RepeatedOptions {
  /// Throws the first of them.
  ///
  /// - Parameter arguments: The command line, without the program's name.
  static func refuse(in arguments: [String]) throws(CommandFailure) {
    let words = arguments.prefix { $0 != "--" }
    let names = words.filter { $0.hasPrefix("-") && $0 != "-" }.flatMap(names)
    guard Set(names).count < names.count || names.contains(where: { !$0.hasPrefix("--") }),
      let options = options(of: words)
    else { return }
    for synonyms in options {
      let count = names.count(where: synonyms.contains)
      guard count > 1, let name = synonyms.first else { continue }
      throw CommandFailure(
        .usage, "\(name) is given \(count == 2 ? "twice" : "\(count) times"), and takes one value")
    }
  }

  /// The option of a word such as `--output=file`, or those of one such as `-qo`.
  private static func names(_ word: String) -> [String] {
    let name = word.prefix { $0 != "=" }
    return name.hasPrefix("--") ? [String(name)] : name.dropFirst().map { "-\($0)" }
  }

  /// The names of each option of one value that the command has which the words begin with.
  private static func options(of words: some Sequence<String>) -> [[String]]? {
    guard
      var command = try? JSONDecoder().decode(Tool.self, from: Data(SRProf._dumpHelp().utf8))
        .command
    else { return nil }
    for word in words {
      guard let next = command.subcommands?.first(where: { $0.commandName == word }) else { break }
      command = next
    }
    // The description does not tell the subcommand that may be left out.
    if command.commandName == SearchCommand._commandName {
      let name = SearchCommand.configuration.defaultSubcommand?._commandName
      command = command.subcommands?.first { $0.commandName == name } ?? command
    }
    return command.arguments?.filter { $0.kind == "option" && !$0.isRepeating }.map { option in
      (option.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    }
  }

  /// The description of the program that the parser gives.
  private struct Tool: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }

    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }

      let kind: String
      let isRepeating: Bool
      let names: [Name]?
    }

    let command: Command
  }
}
