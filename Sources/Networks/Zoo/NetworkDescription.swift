internal import Workloads

/// One network of a family, written `family:key=value,...`, such as
/// `wdsr-b:blocks=16,channels=32,scale=4,output=1280x720`.
public struct NetworkDescription: Sendable, CustomStringConvertible {
  public let family: NetworkFamily
  /// Keys that the text has, defaults included.
  public private(set) var given: Set<String> = []
  private var settings = Settings()

  /// Reads a description; keys that are not there have their defaults.
  ///
  /// - Throws: In one sentence what is wrong, with the word that was probably meant.
  public init(parsing text: String) throws(InvalidNetwork) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let family = NetworkFamily.all.first(where: { $0.name == name }) else {
      throw InvalidNetwork(
        "no network family '\(name)'; "
          + suggestion(for: name, among: NetworkFamily.all.map(\.name)))
    }
    self.family = family
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw InvalidNetwork("\(name): '\(pair)' is not key=value, as in \(exampleKey)")
      }
      let key = String(sides[0])
      guard given.insert(key).inserted else {
        throw InvalidNetwork("\(name): \(key) is given twice")
      }
      try set(key, to: String(sides[1]))
    }
    if given.contains("output"), settings.texts["input"] != nil {
      throw InvalidNetwork("\(name): input and output exclude each other, as one gives the other")
    }
  }

  /// The same network with another value of one key.
  ///
  /// - Throws: In one sentence what is wrong, with the word that was probably meant.
  public func with(_ key: String, _ value: String) throws(InvalidNetwork) -> NetworkDescription {
    var result = self
    try result.set(key, to: value)
    // One size gives the other.
    if key == "input" { result.settings.texts["output"] = nil }
    if key == "output" { result.settings.texts["input"] = nil }
    return result
  }

  /// The key of the text that gives a size; `nil` without one.
  public var givenSize: String? { ["input", "output"].first { given.contains($0) } }

  /// The value of a key; `nil` if the family has no such key.
  public subscript(key: String) -> String? {
    family.keys.first { $0.name == key }.map { settings.texts[key] ?? $0.fallback }
  }

  /// The family with all values that are not the defaults, in the order of its keys.
  public var description: String {
    let pairs = family.keys.compactMap { key in
      settings.texts[key.name].map { "\(key.name)=\($0)" }
    }
    return pairs.isEmpty ? family.name : "\(family.name):\(pairs.joined(separator: ","))"
  }

  /// How many times larger the image is that goes out; 1 for blocks.
  public var scale: Int { family.scale(settings) }

  /// The size of the image, or map, that comes in.
  public var inputSize: ImageSize { family.inputSize(settings) }

  /// The network for its own size.
  ///
  /// - Throws: In one sentence why there is no such network.
  public func graph() throws(InvalidNetwork) -> Graph {
    try graph(input: inputSize)
  }

  /// The network for an image of any size.
  ///
  /// - Throws: In one sentence why there is no such network.
  public func graph(input size: ImageSize) throws(InvalidNetwork) -> Graph {
    var builder = GraphBuilder(
      name: description, channels: family.channels(settings), size: size,
      seed: UInt64(settings[NetworkFamily.seed]))
    do throws(InvalidGraph) { try family.build(&builder, settings) } catch {
      throw InvalidNetwork("\(family.name): \(error.description)")
    }
    return builder.graph
  }

  private var exampleKey: String {
    family.keys.first.map { "\($0.name)=\($0.fallback)" } ?? "seed=1"
  }

  private mutating func set(_ name: String, to value: String) throws(InvalidNetwork) {
    guard let key = family.keys.first(where: { $0.name == name }) else {
      throw InvalidNetwork(
        "\(family.name) has no key '\(name)'; "
          + suggestion(for: name, among: family.keys.map(\.name)))
    }
    guard let text = key.canonical(value) else {
      throw InvalidNetwork("\(family.name): \(name) is \(key.values), not '\(value)'")
    }
    settings.texts[name] = text == key.fallback ? nil : text
  }
}

extension NetworkDescription: Hashable {
  public static func == (a: NetworkDescription, b: NetworkDescription) -> Bool {
    a.family.name == b.family.name && a.settings == b.settings
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(family.name)
    hasher.combine(settings)
  }
}

/// The end of a sentence about a word that is not one of `words`.
func suggestion(for word: String, among words: [String]) -> String {
  nearest(to: word, in: words).map { "did you mean '\($0)'?" }
    ?? "there are \(words.joined(separator: ", "))"
}
