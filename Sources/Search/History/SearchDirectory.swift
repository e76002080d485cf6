internal import Files
internal import Glibc

/// The files of a search.
struct SearchDirectory {
  /// Absolute.
  let path: String

  init(_ path: String) {
    self.path = FilePlace.resolved(path)
  }

  var storePath: String { "\(path)/search.sqlite" }
  var evaluators: String { "\(path)/evaluators" }
  var supernet: String { "\(path)/supernet" }
  func trial(_ id: Int) -> String { "\(path)/trials/\(id)" }

  /// Takes the search for this process, until the lock is gone.
  ///
  /// - Throws: Who holds it.
  func lock() throws(SearchError) -> SearchLock {
    let path = "\(path)/lock"
    do throws(FileContents.Failure) { try FileContents.prepareToWrite(path) } catch {
      throw SearchError(.inputOutput, "\(self.path): \(error.reason)")
    }
    // Processes that are started do not inherit it.
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else {
      throw SearchError(.inputOutput, "\(path): \(String(cString: strerror(errno)))")
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      let holder = (try? FileContents.read(path, atMost: 64)) ?? []
      let text = String(decoding: holder, as: UTF8.self).split(whereSeparator: \.isNewline).first
      throw SearchError(
        .held, "\(self.path): process \(text ?? "unknown") runs this search; wait, or stop it first"
      )
    }
    ftruncate(file, 0)
    let text = Array("\(getpid())\n".utf8)
    _ = text.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    return SearchLock(file)
  }

  /// The process that runs the search now.
  var holder: Int? {
    let file = open("\(path)/lock", O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    if flock(file, LOCK_SH | LOCK_NB) == 0 { return nil }
    let text = String(
      decoding: (try? FileContents.read("\(path)/lock", atMost: 64)) ?? [], as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).first.flatMap { Int($0) }
  }
}

/// A search that this process runs.
final class SearchLock: Sendable {
  private let file: Int32

  init(_ file: Int32) {
    self.file = file
  }

  deinit { close(file) }
}

extension SearchHistory {
  /// The process that runs the search in a directory now; `nil` if none does.
  public static func process(running directory: String) -> Int? {
    SearchDirectory(directory).holder
  }
}
