/// Why a command ends without its result: one line for the user, and the exit code.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// Exit codes, those of sysexits.h where one fits.
enum ExitStatus: Int32 {
  /// The table is complete, but some of its rows are failures.
  case someRowsFailed = 1
  /// A row is slower than it may be: `srprof compare --fail-if-slower`.
  case slower = 2
  /// `EX_USAGE`: arguments that make no sense.
  case usage = 64
  /// `EX_DATAERR`: a file is broken, or of another kind or version.
  case badFile = 65
  /// `EX_UNAVAILABLE`: no loader, no driver, no such device, a device lost for good, or a driver that
  /// crashes.
  case noDevice = 69
  /// `EX_IOERR`: a file cannot be read or written.
  case inputOutput = 74
  /// `EX_TEMPFAIL`: another process measures on the device.
  case busy = 75
  /// 128 + SIGHUP: the terminal has gone.
  case hungUp = 129
  /// 128 + SIGINT.
  case interrupted = 130
  /// 128 + SIGTERM.
  case terminated = 143
}
