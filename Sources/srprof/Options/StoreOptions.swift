internal import ArgumentParser
internal import Files
internal import FoundationEssentials
internal import Store

/// Where everything that was measured is kept.
struct StoreOptions: ParsableArguments {
  @Option(help: "File of the store of raw samples (default: under XDG_DATA_HOME).")
  var store: String?

  /// The store's file, and those that SQLite makes beside it.
  var files: [String] { Self.files(of: store ?? Paths.store) }

  static func files(of store: String) -> [String] {
    let real = FilePlace.resolved(store)
    return [store] + ["-journal", "-wal", "-shm"].map { real + $0 }
  }

  /// Opens a store that is there.
  ///
  /// - Parameter inputs: Files that the command reads, none of which may be the store.
  func openKnown(besides inputs: [String]) throws(CommandFailure) -> Store {
    let path = store ?? Paths.store
    guard path.isEmpty || FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(
        .inputOutput, "store \(path): there is none; srprof measure makes it, --store names another"
      )
    }
    return try open(besides: inputs)
  }

  /// Opens the store, made if there is none.
  ///
  /// - Parameter inputs: Files that the command reads, none of which may be the store.
  func open(besides inputs: [String]) throws(CommandFailure) -> Store {
    guard store != "" else { throw CommandFailure(.usage, "--store needs the path of a file") }
    for file in files { try FilePlace.require(file, besides: inputs) }
    do throws(StoreError) { return try Store(path: store ?? Paths.store) } catch {
      throw CommandFailure(error)
    }
  }
}
