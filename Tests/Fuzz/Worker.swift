internal import Foundation

/// Reads inputs, one after the other, and is ended by the first that it cannot bear.
struct Worker {
  /// Processor time that an input may take.
  static let longestSeconds = 1
  /// Time that an input may take on the wall, on a machine that others use too.
  private static let patienceSeconds = 30
  /// Memory that a process may have.
  static let mostBytes = 1 << 30

  private let mutator: Mutator
  private let reader: Reader

  init(kind: Kind, seed: UInt64) throws {
    // Pages without pictures, which another program draws.
    setenv("PATH", "", 1)
    mutator = try Mutator(kind, seed: seed)
    reader = try Reader(kind)
  }

  func run(_ indices: Range<Int>, _ log: borrowing WorkLog) throws {
    var limit = rlimit(rlim_cur: rlim_t(Self.mostBytes), rlim_max: rlim_t(Self.mostBytes))
    setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
    let supervisor = getppid()
    for index in indices where getppid() == supervisor {
      log.current = index
      Self.startTimers()
      let input = try mutator.input(index)
      Self.startTimers()
      let start = Self.processorNanoseconds
      if reader.read(input) { log.understood += 1 }
      let time = Self.processorNanoseconds - start
      if time > log.slowest.nanoseconds { log.slowest = (index, time) }
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      log.peakBytes = usage.ru_maxrss * 1024
    }
    log.current = indices.upperBound
  }

  /// The kernel ends the process by SIGPROF or SIGALRM when time is over.
  private static func startTimers() {
    var time = itimerval()
    time.it_value.tv_sec = longestSeconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &time, nil)
    time.it_value.tv_sec = patienceSeconds
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &time, nil)
  }

  private static var processorNanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
