internal import FoundationEssentials
internal import Profiles
internal import Resources
internal import Workloads

/// A YAML text that the user chose by name, from those carried in the program, or by path.
struct NamedText {
  let text: String
  /// What the text is called in errors.
  let file: String

  /// Names of the texts carried for a folder such as `Profiles/`, sorted.
  static func names(in folder: String) -> [String] { shipped(folder).keys.sorted() }

  private static func shipped(_ folder: String) -> [String: String] {
    let texts = EmbeddedFiles.texts(in: folder)
    return Dictionary(uniqueKeysWithValues: texts.map { (String($0.key.dropLast(5)), $0.value) })
  }

  /// `choice` is a shipped name, or a path: it then has a slash or ends in `.yaml` or `.yml`. `what`
  /// is chosen, for sentences such as "no profile 'quik'".
  init(_ choice: String, in folder: String, what: String) throws(CommandFailure) {
    if let text = Self.shipped(folder)[choice] {
      self.text = text
      file = "\(choice).yaml"
    } else if choice.contains("/") || choice.hasSuffix(".yaml") || choice.hasSuffix(".yml") {
      let bytes: [UInt8]
      do throws(UnreadableFile) { bytes = try Self.read(choice) } catch {
        throw CommandFailure(.inputOutput, "\(choice): \(error.reason)")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw CommandFailure(.badFile, "\(choice): not a text in UTF-8")
      }
      self.text = text
      file = choice
    } else {
      let names = Self.names(in: folder)
      let hint = nearest(to: choice, in: names).map { "did you mean '\($0)'? " } ?? ""
      throw CommandFailure(
        .usage,
        "no \(what) '\(choice)'; \(hint)there are \(names.joined(separator: ", ")), "
          + "or give a path to a YAML file")
    }
  }

  /// The bytes of a file.
  static func read(_ path: String) throws(UnreadableFile) -> [UInt8] {
    do { return [UInt8](try Data(contentsOf: URL(filePath: path))) } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw UnreadableFile(reason: exists ? "cannot be read" : "no such file")
    }
  }
}
