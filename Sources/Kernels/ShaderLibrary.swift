internal import FoundationEssentials
internal import Resources

/// The texts of all shaders: those carried in the program, or those of a folder while developing.
public struct ShaderLibrary: Sendable {
  /// A shader that should be there is not.
  public struct Missing: Error, Hashable, CustomStringConvertible {
    public let name: String
    public let place: String
    public var description: String { "no shader '\(name)' in \(place)" }
  }

  /// Texts by file name.
  public let texts: [String: String]
  private let place: String

  /// The shaders carried in the program.
  public init() {
    texts = EmbeddedFiles.texts(in: "Shaders/")
    place = "the program"
  }

  /// The shaders of a folder; files it lacks come from the program.
  public init(overridingWith folder: String) throws {
    var texts = ShaderLibrary().texts
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".comp") || name.hasSuffix(".glsl") {
      let data = try Data(contentsOf: URL(filePath: folder).appending(path: name))
      texts[name] = String(decoding: data, as: UTF8.self)
    }
    self.texts = texts
    place = folder
  }

  /// The text of a file.
  public func text(of name: String) throws(Missing) -> String {
    guard let text = texts[name] else { throw Missing(name: name, place: place) }
    return text
  }

  /// Rises when schedules or packing change what is executed though no shader's text does.
  public static let generation = 4
}
