public import Workloads

/// A named sweep: which workloads to measure, and how long each may take.
public struct Profile: Hashable, Sendable {
  /// The word the profile is chosen by.
  public let name: String
  /// What the profile is for; may be empty.
  public let description: String
  /// Seconds of timed submissions that one row may use before it ends as it is.
  public let rowSeconds: Double
  /// What to measure, each once, in order.
  public let workloads: [Workload]

  /// Most workloads a profile may have, counted before equal ones are joined.
  public static let largestCount = 100_000

  /// Gives the bytes of the file at a path.
  public typealias FileReader = (_ path: String) throws(UnreadableFile) -> [UInt8]

  /// Reads a profile.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - file: What the text is called in errors; files it names are beside it.
  ///   - readFile: Reads the masks that the profile names, and refuses links that lead out of its folder.
  /// - Throws: The first mistake, in the profile or in a mask, with its line and column.
  public init(
    yaml: String, file: String,
    readFile: FileReader = { _ throws(UnreadableFile) in
      throw UnreadableFile(reason: "this profile comes without files")
    }
  ) throws(ProfileError) {
    let root = Value(file: file, key: "a profile", node: try Document(yaml: yaml, file: file).root)
    let fields = try Fields(
      root, "a profile",
      keys: ["name", "description", "rowSeconds", "elementTypes", "maps", "workloads"])
    name = try fields.required("name").text()
    description = try fields["description"]?.text() ?? ""
    rowSeconds = try fields["rowSeconds"]?.seconds() ?? 5
    let elementTypes = try Self.elementTypes(fields)
    let maps = try fields["maps"].map(Sweep.maps)
    var sweeps: [Sweep] = []
    var count = 0
    for item in try fields.required("workloads").list() {
      let sweep = try Sweep(item: item, maps: maps, elementTypes: elementTypes, readFile: readFile)
      guard sweep.count <= Self.largestCount - count else {
        let made =
          sweep.count == .max ? "more workloads than can be counted" : "\(sweep.count) workloads"
        throw ProfileError(
          file: file, position: sweep.position,
          "this sweep makes \(made)\(count == 0 ? "" : ", after \(count) before it"); "
            + "a profile has at most \(Self.largestCount)")
      }
      count += sweep.count
      sweeps.append(sweep)
    }
    var unique: Set<Workload> = []
    for sweep in sweeps { unique.formUnion(try sweep.workloads()) }
    workloads = unique.sorted()
  }

  private static func elementTypes(_ fields: Fields) throws(ProfileError) -> Sweep.Axis {
    let words = ElementType.allCases.map(\.rawValue)
    guard let value = fields["elementTypes"] else { return [{ $0.elementType = .float32 }] }
    let types = try value.scalars().map { (element) throws(ProfileError) in
      try element.word(words) { ElementType(rawValue: $0) }
    }
    return types.map { type in { $0.elementType = type } }
  }
}
