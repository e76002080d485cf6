internal import DeviceProtocol
internal import Glibc

/// A worker on another machine, at the other end of a program that runs commands there.
///
/// The worker lies there in a file that is named after its digest, and is brought once.
public struct RemoteTransport: Transport {
  private let shell: any RemoteShell

  init(_ shell: any RemoteShell) {
    self.shell = shell
  }

  public var place: String { shell.place }

  public func connect() throws(ConnectionError) -> Link {
    let link = try run(Self.start(in: shell.folder))
    // A worker waits for its first request, so that an answer comes at once or never.
    guard let words = link.wordsInsteadOfWorker() else { return link }
    link.close()
    guard let processor = words.value(behind: Self.absent) else { throw explanation(of: words) }
    try bring(try WorkerProgram(for: processor))
    return try run(Self.start(in: shell.folder))
  }

  public func renew() -> Link? {
    // The file's name is all that tells it from another: without it, it is brought as at first.
    guard let removal = try? run(Self.remove(from: shell.folder)) else { return nil }
    _ = removal.output(seconds: 10)
    removal.close()
    return try? connect()
  }

  public func explanation(of lastWords: String) -> ConnectionError {
    if let processor = lastWords.value(behind: Self.unknown) {
      return ConnectionError(
        "\(place) needs a worker for \(processor), which this build of srprof does not carry"
          + (processor.hasSuffix("-android")
            ? ": build it with make worker-android NDK=/path/to/android-ndk && make build" : ""))
    }
    let said = Self.summary(lastWords)
    let folder = lastWords.value(behind: Self.folder) ?? "its folder"
    if lastWords.contains(Self.failed) {
      let advice = said.contains("No space left") ? "; make room for 1 MB there" : ""
      return ConnectionError(
        "\(place) cannot keep the worker in \(folder): \(said)\(advice)")
    }
    if lastWords.contains(Self.ready), said.contains("srprof-worker-") {
      let advice =
        said.contains("Permission denied") ? "; programs must be allowed to run from there" : ""
      return ConnectionError("\(place) cannot run the worker in \(folder): \(said)\(advice)")
    }
    return shell.explanation(of: lastWords)
  }

  /// Runs a command there, with this end of its input and output.
  private func run(_ command: String) throws(ConnectionError) -> Link {
    do throws(SystemError) {
      return Link(try Subprocess(shell.program, shell.arguments(running: command), listening: true))
    } catch {
      guard error.code == ENOENT else {
        throw ConnectionError("\(shell.program) cannot be started: \(error.description)")
      }
      throw ConnectionError("\(shell.program) is not installed; \(shell.installation)")
    }
  }

  /// Writes the worker's file there, under another name until it is whole.
  private func bring(_ program: WorkerProgram) throws(ConnectionError) {
    let link = try run(Self.receive(program, in: shell.folder))
    let answer = link.deliver(program.bytes)
    link.close()
    guard answer.contains(Self.done) else { throw explanation(of: answer) }
  }

  // Words of the commands below; they come on the error output, among whatever else is said there.
  private static let absent = "srprof: absent "
  private static let unknown = "srprof: unknown "
  private static let folder = "srprof: folder "
  private static let failed = "srprof: failed"
  private static let done = "srprof: done"
  static let ready = "srprof: ready"

  /// Becomes the worker, if its file is there.
  private static func start(in folder: String) -> String {
    let files = WorkerProgram.all.map {
      "\($0.architecture)) n=\($0.fileName);;"
    }.joined(separator: " ")
    return """
      p=$(uname -m); [ ! -e /system/bin/app_process ] || p=$p-android; \
      case $p in \(files) *) echo "\(unknown)$p" >&2; exit 1;; esac; \
      d=\(folder); [ -f "$d/$n" ] || { echo "\(absent)$p" >&2; exit 1; }; \
      echo "\(Self.folder)$d" >&2; echo "\(ready)" >&2; exec "$d/$n"
      """
  }

  /// Removes the files of all workers that this build carries.
  private static func remove(from folder: String) -> String {
    "d=\(folder); rm -f " + WorkerProgram.all.map { "\"$d/\($0.fileName)\"" }.joined(separator: " ")
  }

  private static func receive(_ program: WorkerProgram, in folder: String) -> String {
    let name = program.fileName
    return """
      d=\(folder); mkdir -p "$d" && head -c \(program.bytes.count) > "$d/\(name).$$" && \
      [ $(wc -c < "$d/\(name).$$") = \(program.bytes.count) ] && chmod 755 "$d/\(name).$$" && \
      mv "$d/\(name).$$" "$d/\(name)" && echo "\(done)" >&2 || \
      { rm -f "$d/\(name).$$"; echo "\(Self.folder)$d" >&2; echo "\(failed)" >&2; }
      """
  }

  /// The last line of what was said that is none of the words above.
  static func summary(_ words: String) -> String {
    let lines = words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("srprof: ") }
    return lines.last.map(String.init) ?? "it says nothing"
  }
}

/// A program that runs commands on another machine, with their input, output and error output.
protocol RemoteShell: Sendable {
  /// Such as "ssh:pi5".
  var place: String { get }
  /// The program on this machine.
  var program: String { get }
  /// How to install it, as the end of a sentence.
  var installation: String { get }
  /// The folder there for the worker, as the shell there reads it.
  var folder: String { get }
  func arguments(running command: String) -> [String]
  /// Why it did not work, as far as its last words tell.
  func explanation(of lastWords: String) -> ConnectionError
}

extension String {
  /// The rest of the line behind some words; `nil` where they do not stand.
  fileprivate func value(behind words: String) -> String? {
    for line in split(whereSeparator: \.isNewline) where line.hasPrefix(words) {
      return String(line.dropFirst(words.count))
    }
    return nil
  }
}
