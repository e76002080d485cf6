internal import CSystem
internal import DeviceProtocol

/// Stands between the host and the executor, and never loads a driver.
///
/// It passes frames on, holds deadlines, says how an executor ended, and ends it when the host is gone.
struct Supervisor {
  private let host: Channel
  private var executor: ExecutorProcess?
  private var pending: Pending?
  /// The end of an executor that worked on nothing, until the host can be told.
  private var untold: ExecutorEnd?
  /// Locks that end with this process.
  private var locks = DeviceLocks()

  /// A request that the executor works on.
  private struct Pending {
    let request: FrameHeader
    let deadline: Int?
    var nextSign: Int
  }

  /// Milliseconds between signs of life.
  private static let signInterval = 1000

  init(host: Channel) {
    self.host = host
  }

  /// Serves the host until it is gone. Returns the exit code of the program.
  mutating func run() -> Int32 {
    defer { end() }
    while true {
      guard let ready = wait() else { return 71 }
      if ready.executorTakes, executor?.channel.send() == false {
        guard reportEnd() else { return 0 }
      }
      if ready.executorSays {
        guard serveExecutor() else { return 0 }
      }
      if ready.hostSays {
        do throws(MalformedFrame) {
          guard host.fill() else { return 0 }
          while let frame = try host.next() {
            guard serve(frame) else { return 65 }
          }
        } catch {
          return 65
        }
      }
      guard holdDeadline() else { return 0 }
    }
  }

  private struct Readiness {
    var hostSays = false
    var executorSays = false
    var executorTakes = false
  }

  /// Waits until something is to be read or written, or a moment has come. `nil` if that fails.
  private func wait() -> Readiness? {
    var descriptors = [pollfd(fd: host.input, events: Int16(POLLIN), revents: 0)]
    if let executor {
      let events = POLLIN | (executor.channel.hasUnsent ? POLLOUT : 0)
      descriptors.append(pollfd(fd: executor.channel.input, events: Int16(events), revents: 0))
    }
    var timeout = -1
    if let pending {
      let next = min(pending.nextSign, pending.deadline ?? Int.max)
      timeout = max(0, next - monotonicMilliseconds())
    }
    let count = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: timeout))
    guard count >= 0 || system_error() == system_error_interrupted() else { return nil }
    var ready = Readiness()
    guard count > 0 else { return ready }
    ready.hostSays = descriptors[0].revents != 0
    if descriptors.count > 1 {
      let events = Int32(descriptors[1].revents)
      ready.executorTakes = events & Int32(POLLOUT) != 0
      ready.executorSays = events & ~Int32(POLLOUT) != 0
    }
    return ready
  }

  /// Does what a frame of the host asks for. False for what no host may send.
  private mutating func serve(_ frame: Frame) -> Bool {
    let request = frame.header
    switch request.operation {
    case .restart:
      end()
      pending = nil
      untold = nil
      return host.reply(to: request, .done)
    case .hello where pending == nil:
      return host.reply(to: request, .done, Hello.own.bytes)
    case .telemetry where pending == nil:
      return host.reply(to: request, .done, TelemetrySources.read().bytes)
    case .lock where pending == nil:
      return host.reply(to: request, .done, [locks.take(frame.payload) ? 1 : 0])
    case .hello, .telemetry, .lock, .alive:
      return false
    default:
      guard pending == nil else { return false }
      return pass(on: frame)
    }
  }

  /// Gives a request to the executor; one is started if there is none.
  private mutating func pass(on frame: Frame) -> Bool {
    // Another executor would know nothing of what the host has made.
    if let ending = untold {
      untold = nil
      return host.reply(to: frame.header, .crashed, ending.bytes)
    }
    if executor == nil { executor = ExecutorProcess(closing: [host.input, host.output]) }
    guard let executor else {
      return host.reply(
        to: frame.header, .refused, ByteWriter.payload("no process can be made for the driver"))
    }
    let now = monotonicMilliseconds()
    let milliseconds = Int(frame.header.deadlineMilliseconds)
    pending = Pending(
      request: frame.header, deadline: milliseconds > 0 ? now + milliseconds : nil,
      nextSign: now + Self.signInterval)
    executor.channel.enqueue(frame)
    // The rest goes when the executor takes it; an end is seen when it is read from.
    _ = executor.channel.send()
    return true
  }

  /// Passes on what the executor says; false if the host is gone.
  private mutating func serveExecutor() -> Bool {
    guard let executor else { return true }
    guard executor.channel.fill() else { return reportEnd() }
    do throws(MalformedFrame) {
      guard let frame = try executor.channel.next() else { return true }
      guard let request = pending?.request, request.tag == frame.header.tag else { return true }
      pending = nil
      host.enqueue(frame)
      return host.send()
    } catch {
      return reportEnd()
    }
  }

  /// Tells the host that the executor ended, in the request that it worked on.
  private mutating func reportEnd() -> Bool {
    let ending = executor?.end() ?? ExecutorEnd(signal: 0, exitCode: 0)
    executor = nil
    guard let request = pending?.request else {
      untold = ending
      return true
    }
    pending = nil
    return host.reply(to: request, .crashed, ending.bytes)
  }

  /// Gives a sign of life when it is time for one, and a request up when its deadline has passed.
  private mutating func holdDeadline() -> Bool {
    guard var current = pending else { return true }
    let now = monotonicMilliseconds()
    if let deadline = current.deadline, now >= deadline {
      end()
      pending = nil
      return host.reply(to: current.request, .timedOut)
    }
    guard now >= current.nextSign else { return true }
    current.nextSign = now + Self.signInterval
    pending = current
    host.enqueue(
      Frame(
        header: FrameHeader(.alive, tag: current.request.tag, payloadBytes: 0), payload: []))
    return host.send()
  }

  /// Ends the executor, whatever it does.
  private mutating func end() {
    _ = executor?.end()
    executor = nil
  }
}
