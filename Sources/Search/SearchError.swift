internal import Store

/// Why a search cannot go on, in one line.
public struct SearchError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The directory holds a search that was started with something else.
    case changed
    /// Another process runs the search.
    case held
    /// The directory cannot be read or written.
    case inputOutput
    /// The directory's file is there but cannot be understood.
    case damaged
    /// The evaluator cannot be started, or fails again and again.
    case evaluator
    /// A wish, or a result that was told, cannot be.
    case usage
  }

  public let kind: Kind
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  init(_ error: StoreError) {
    let sentence =
      switch error.problem {
      case .damaged(let text):
        "is no search that can be read: \(text); move it away and a new search begins"
      case .badRecord(let table, let id, let text):
        "has the \(table) \(id), in which \(text); move it away and a new search begins"
      case .newer: "was written by a newer srprof; use that, or choose another directory"
      case .unreachable(let reason): "cannot be used: \(reason)"
      case .full: "cannot grow, the disk is full; what was found before is kept"
      case .busy: "is being written by another process; try again when that has ended"
      case .other(let text): "cannot be used: \(text)"
      }
    self.init(error.isBadContent ? .damaged : .inputOutput, "search \(error.file): \(sentence)")
  }
}
