internal import ArgumentParser
internal import Tables

/// Where everything that was measured is kept.
struct StoreOptions: ParsableArguments {
  @Option(help: "File of the store of raw samples (default: under XDG_DATA_HOME).")
  var store: String?

  /// Opens the store, made if there is none.
  func open() throws(CommandFailure) -> Store {
    guard store != "" else { throw CommandFailure(.usage, "--store needs the path of a file") }
    do throws(StoreError) { return try Store(path: store ?? Paths.store) } catch {
      throw CommandFailure(error)
    }
  }
}
