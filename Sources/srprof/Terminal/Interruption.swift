internal import Glibc
internal import Synchronization

/// SIGINT, SIGTERM and SIGHUP as a flag: the first asks the campaign to stop and write what it has, the
/// second ends the process at once.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// Starts listening.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        Interruption.received.store(number, ordering: .relaxed)
        // The next one of either kind is not caught.
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
        signal(SIGHUP, SIG_DFL)
      }
    }
    // A parent may have left them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    // A closed pipe is an error of write(2), not the end of a campaign.
    signal(SIGPIPE, SIG_IGN)
  }

  /// The exit status of the signal that came; `nil` if none did.
  static var status: ExitStatus? {
    switch received.load(ordering: .relaxed) {
    case 0: nil
    case SIGTERM: .terminated
    case SIGHUP: .hungUp
    default: .interrupted
    }
  }
}
