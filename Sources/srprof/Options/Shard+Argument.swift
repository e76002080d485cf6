internal import ArgumentParser
internal import Tables

extension Shard {
  /// The shard that a command line names.
  init(argument: String) throws {
    guard let shard = Shard(parsing: argument) else {
      throw ValidationError("a shard is i/n, such as 3/16, with i from 1 to n.")
    }
    self = shard
  }
}
