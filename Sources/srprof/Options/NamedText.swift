internal import Files
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

  /// More than any profile has.
  private static let largestBytes = 1 << 24

  /// The file that a choice names by its path: it has a slash, or ends in `.yaml` or `.yml`.
  static func path(_ choice: String) -> String? {
    choice.contains("/") || choice.hasSuffix(".yaml") || choice.hasSuffix(".yml") ? choice : nil
  }

  /// `choice` is a shipped name, or a path. `what` is chosen, for sentences such as "no profile 'quik'".
  init(_ choice: String, in folder: String, what: String) throws(CommandFailure) {
    if let text = Self.shipped(folder)[choice] {
      self.text = text
      file = "\(choice).yaml"
    } else if let path = Self.path(choice) {
      let bytes: [UInt8]
      do throws(FileContents.Failure) {
        bytes = try FileContents.read(path, atMost: Self.largestBytes)
      } catch {
        throw CommandFailure(.inputOutput, "\(path): \(error.clause)")
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
}

extension FileContents.Failure {
  /// The reason as the end of a sentence.
  var clause: String { reason.prefix(1).lowercased() + reason.dropFirst() }
}
