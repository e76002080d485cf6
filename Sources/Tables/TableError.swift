public import Files

/// Why a table cannot be read or written, in one line with the file and what to do.
public struct TableError: Error, Hashable, CustomStringConvertible {
  /// The file; `nil` for a table that is not in one.
  public var file: String?
  public var problem: Problem

  public init(file: String? = nil, _ problem: Problem) {
    self.file = file
    self.problem = problem
  }

  /// What is wrong. Paths lead to a value: `rows[17].latency.undisturbedNanoseconds`.
  public enum Problem: Error, Hashable, Sendable {
    /// The file cannot be opened or read; the reason of the operating system.
    case cannotRead(String)
    /// The file cannot be made or written; the reason of the operating system.
    case cannotWrite(String)
    /// The text is not JSON.
    case notJSON(JSONError)
    /// JSON of another kind; what was found in place of the schema's name.
    case notATable(String)
    /// Written by a newer program, in a version of the schema that this one cannot know.
    case newerSchema(String)
    /// No value at a path.
    case missing(String)
    /// A value of the wrong type at a path: what is there, and what should be.
    case wrongType(String, String)
    /// A value at a path that cannot be, and why.
    case implausible(String, String)
    /// Shapes at a path that are not a workload, and why.
    case invalidWorkload(String, String)
    /// A row whose name is not the one of its workload.
    case wrongName(String, found: String, expected: String)
    /// Two rows for the workload of this name.
    case duplicate(String)

    /// The same problem, its path seen from outside `container`.
    package func inside(_ container: String) -> Problem {
      switch self {
      case .missing(let path): .missing(Self.joined(container, path))
      case .wrongType(let path, let text): .wrongType(Self.joined(container, path), text)
      case .implausible(let path, let text): .implausible(Self.joined(container, path), text)
      case .invalidWorkload(let path, let text):
        .invalidWorkload(Self.joined(container, path), text)
      case .wrongName(let path, let found, let expected):
        .wrongName(Self.joined(container, path), found: found, expected: expected)
      case .cannotRead, .cannotWrite, .notJSON, .notATable, .newerSchema, .duplicate: self
      }
    }

    private static func joined(_ container: String, _ path: String) -> String {
      path.isEmpty || path.hasPrefix("[") ? container + path : "\(container).\(path)"
    }
  }

  /// Whether the file could not be reached; otherwise what is in it is wrong.
  public var isInputOutput: Bool {
    switch problem {
    case .cannotRead, .cannotWrite: true
    default: false
    }
  }

  public var description: String { "\(file ?? "the table"): \(problem.sentence)" }
}

extension TableError.Problem {
  /// What is wrong and what to do, without the file.
  var sentence: String { advice.map { "\(fact); \($0)" } ?? fact }

  /// The problem in one sentence.
  package var fact: String {
    switch self {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    case .notJSON(let error): error.description
    case .notATable(let found): "this is not a srprof latency table: \(found)"
    case .newerSchema(let version):
      "has schema version \(version), newer than \(LatencyTable.schemaVersion)"
    case .missing(let path): "\(path) is missing"
    case .wrongType(let path, let text): "\(path) is \(text)"
    case .implausible(let path, let text): "\(path) \(text)"
    case .invalidWorkload(let path, let text): "\(path) is not a workload: \(text)"
    case .wrongName(let path, let found, let expected):
      "\(path) is '\(found)', but its workload is '\(expected)'"
    case .duplicate(let name): "has two rows for '\(name)'"
    }
  }

  /// The advice for a table's file.
  private var advice: String? {
    switch self {
    case .notJSON(let error):
      switch error.reason {
      case .truncated: "copy it again from where it is whole"
      case .duplicateKey: "remove one"
      case .empty, .malformed: nil
      }
    case .duplicate: "remove one"
    case .newerSchema: "read it with a newer srprof"
    case .missing, .wrongType: "`srprof schema` says what a table holds"
    case .implausible: "measure this workload again"
    case .wrongName: "correct one of them"
    case .cannotRead, .cannotWrite, .notATable, .invalidWorkload: nil
    }
  }
}
