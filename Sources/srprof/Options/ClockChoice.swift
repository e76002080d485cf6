internal import ArgumentParser

/// The clock that times are read from.
enum ClockChoice: String, ExpressibleByArgument, CaseIterable {
  /// Device timestamps where there are any.
  case auto
  /// The wall clock.
  case wall
}
