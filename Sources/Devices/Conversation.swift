internal import DeviceProtocol
internal import Glibc

/// Requests and replies over a link, one at a time, and what became of the executor behind it.
struct Conversation {
  private var link: Link?
  /// Changes when everything made before is void.
  private(set) var generation = 0
  /// Whether the executor ended, or was given up in the middle of something.
  private var isLost = false
  private var tag: UInt32 = 0
  /// Bytes over links that are closed.
  private var closedTraffic = 0

  /// The end of a request.
  enum Outcome {
    /// The payload of its reply.
    case done([UInt8])
    case failed(VulkanError)
    case crashed(ExecutorEnd)
    /// Its deadline passed, or it was given up; why.
    case timedOut(String?)
    case refused(String)
    /// It is of an executor that is gone.
    case void
    case broken(lastWords: String, Link.Broken)
  }

  init(link: Link) {
    self.link = link
  }

  /// Whether the executor of a generation is there and answers.
  func isAlive(_ generation: Int) -> Bool {
    self.generation == generation && !isLost && link != nil
  }

  /// Bytes that crossed the wire so far, both ways.
  var traffic: Int { closedTraffic + (link?.traffic ?? 0) }

  /// Notes that the executor of a generation is of no use any more.
  mutating func lose(_ generation: Int) {
    if self.generation == generation { isLost = true }
  }

  /// Sends a request and waits for its reply.
  mutating func exchange(
    _ operation: WorkerOperation, _ payload: [UInt8], _ generation: Int, milliseconds: UInt32,
    whileWaiting: (Double) -> Void = { _ in }, _ isInterrupted: () -> Bool
  ) -> Outcome {
    guard generation == self.generation, !isLost, let link else { return .void }
    tag &+= 1
    let header = FrameHeader(
      operation, tag: tag, deadlineMilliseconds: milliseconds, payloadBytes: payload.count)
    let start = monotonicSeconds()
    do throws(Link.Broken) {
      try link.send(header, payload)
      var interruptions = 0
      while true {
        let received = try link.receive {
          guard isInterrupted() else { return false }
          interruptions += 1
          return interruptions > 2
        }
        guard let frame = received else {
          isLost = true
          return .timedOut("interrupted after \(monotonicSeconds() - start) s")
        }
        guard frame.header.tag == tag else { continue }
        if frame.header.operation == .alive {
          whileWaiting(monotonicSeconds() - start)
          continue
        }
        return outcome(frame.header.status, frame.payload)
      }
    } catch {
      isLost = true
      let words = link.lastWords
      closedTraffic += link.traffic
      link.close()
      self.link = nil
      return .broken(lastWords: words, error)
    }
  }

  private mutating func outcome(_ status: Status, _ payload: [UInt8]) -> Outcome {
    do throws(MalformedFrame) {
      switch status {
      case .done: return .done(payload)
      case .failed:
        let error = try VulkanError(payload: payload)
        if error.takesDeviceAway { isLost = true }
        return .failed(error)
      case .crashed:
        isLost = true
        return .crashed(try ExecutorEnd(payload: payload))
      case .timedOut:
        isLost = true
        return .timedOut(nil)
      case .refused:
        var reader = ByteReader(payload)
        return .refused(try reader.text())
      }
    } catch {
      isLost = true
      return .refused("the worker sent \(error.phrase)")
    }
  }

  /// Has the supervisor end its executor. False if the link is lost.
  mutating func restart() -> Bool {
    generation += 1
    isLost = false
    if case .done = exchange(.restart, [], generation, milliseconds: 0, { false }) { return true }
    isLost = true
    return false
  }

  /// Takes another link, with another executor behind it.
  mutating func replace(_ link: Link?) {
    if let old = self.link {
      closedTraffic += old.traffic
      old.close()
    }
    self.link = link
    generation += 1
    isLost = link == nil
  }
}

extension VulkanError {
  /// Whether the device is of no use after it, until it is opened again.
  var takesDeviceAway: Bool {
    switch reason {
    case .timedOut, .crashed, .linkLost: true
    default: false
    }
  }
}

/// The host's monotonic clock in seconds.
func monotonicSeconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
