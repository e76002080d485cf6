internal import DeviceProtocol
internal import Glibc

/// Frames to and from a worker, with what its way there said on its error output.
///
/// Unchecked because whoever holds it uses it on one thread at a time: a ``Worker`` behind its lock.
public final class Link: @unchecked Sendable {
  /// Why a link is of no use any more.
  enum Broken: Error, Equatable {
    /// Nothing came for too long.
    case silent
    /// The other end closed.
    case closed
    /// Bytes that are no frame; the beginning of them.
    case garbage(String)
  }

  private let subprocess: Subprocess
  private var received = FrameBuffer()
  private var piece = [UInt8](repeating: 0, count: 1 << 16)
  private var spoken: [UInt8] = []
  private var hearsErrors: Bool
  /// Bytes that were sent and received so far.
  private(set) var traffic = 0

  /// Seconds of silence after which a link counts as lost: signs of life come every second.
  private static let patience = 20.0
  private static let mostSpoken = 4096

  init(_ subprocess: Subprocess) {
    self.subprocess = subprocess
    hearsErrors = subprocess.errors >= 0
  }

  /// The latest words of the way there, on its error output.
  var lastWords: String { String(decoding: spoken, as: UTF8.self) }

  /// Sends a frame.
  func send(_ header: FrameHeader, _ payload: [UInt8]) throws(Broken) {
    // As one write, so that a small frame is one packet.
    try send(raw: header.bytes + payload)
  }

  private func send(raw bytes: [UInt8]) throws(Broken) {
    var offset = 0
    var heard = monotonicSeconds()
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.send(
          subprocess.descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset,
          Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        offset += count
        traffic += count
        heard = monotonicSeconds()
      } else if errno == EAGAIN {
        guard monotonicSeconds() - heard < Self.patience else { throw .silent }
        _ = wait(for: Int16(POLLOUT))
      } else if errno != EINTR {
        throw .closed
      }
    }
  }

  /// The next frame. `isInterrupted` is asked a few times a second; `nil` once it is true.
  func receive(isInterrupted: () -> Bool) throws(Broken) -> Frame? {
    var heard = monotonicSeconds()
    while true {
      do throws(MalformedFrame) {
        if let frame = try received.next() { return frame }
      } catch {
        throw .garbage(restOfGarbage())
      }
      let count = read(subprocess.descriptor, &piece, min(received.wanted, piece.count))
      if count > 0 {
        received.append(piece[..<count])
        traffic += count
        heard = monotonicSeconds()
      } else if count < 0, errno == EAGAIN || errno == EINTR {
        guard monotonicSeconds() - heard < Self.patience else { throw .silent }
        if !wait(for: Int16(POLLIN)), isInterrupted() { return nil }
      } else {
        listenToEnd()
        if !received.partial.isEmpty { throw .garbage(restOfGarbage()) }
        throw .closed
      }
    }
  }

  /// Waits for a fifth of a second at most until the worker takes or gives bytes, or its way speaks. True for
  /// the first.
  private func wait(for events: Int16) -> Bool {
    var descriptors = [pollfd(fd: subprocess.descriptor, events: events, revents: 0)]
    if hearsErrors {
      descriptors.append(pollfd(fd: subprocess.errors, events: Int16(POLLIN), revents: 0))
    }
    let count = poll(&descriptors, nfds_t(descriptors.count), 200)
    if count > 0, descriptors.count > 1, descriptors[1].revents != 0 { listen() }
    return count > 0 && descriptors[0].revents != 0
  }

  /// Keeps the end of what the way there says.
  private func listen() {
    guard hearsErrors else { return }
    while true {
      let count = read(subprocess.errors, &piece, piece.count)
      if count == 0 { hearsErrors = false }
      guard count > 0 else { return }
      spoken.append(contentsOf: piece.prefix(count))
      spoken.removeFirst(max(0, spoken.count - Self.mostSpoken))
    }
  }

  /// The first line of what is no frame, with what has come of it meanwhile.
  private func restOfGarbage() -> String {
    let count = read(subprocess.descriptor, &piece, 60)
    let bytes = received.partial + piece.prefix(max(count, 0))
    let line = bytes.split(maxSplits: 1) { $0 == 10 || $0 == 13 }.first ?? []
    return String(
      decoding: line.prefix(60).map { $0 >= 32 && $0 < 127 ? $0 : 46 }, as: UTF8.self)
  }

  /// Waits until the way there says that a worker has begun, and gives `nil` then; what it says instead where
  /// there is none.
  func wordsInsteadOfWorker() -> String? {
    let start = monotonicSeconds()
    while monotonicSeconds() - start < Self.patience {
      if lastWords.contains(RemoteTransport.ready) { return nil }
      // Whatever comes before a request is no worker's; the greeting will tell.
      if wait(for: Int16(POLLIN)) {
        var byte: UInt8 = 0
        if recv(subprocess.descriptor, &byte, 1, Int32(MSG_PEEK)) > 0 { return nil }
        listenToEnd()
        return lastWords.contains(RemoteTransport.ready) ? nil : lastWords
      }
    }
    return lastWords
  }

  /// Sends bytes that are no frame, and gives what is said on the error output until the other end closes.
  func deliver(_ bytes: [UInt8]) -> String {
    if (try? send(raw: bytes)) != nil { _ = output(seconds: 60) }
    listenToEnd()
    return lastWords
  }

  /// Everything that comes until the other end closes.
  func output(seconds: Double) -> String {
    var output: [UInt8] = []
    let start = monotonicSeconds()
    while monotonicSeconds() - start < seconds {
      let count = read(subprocess.descriptor, &piece, piece.count)
      if count == 0 { break }
      if count > 0 { output.append(contentsOf: piece.prefix(count)) }
      _ = wait(for: Int16(POLLIN))
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// Reads the error output of a program that is about to end.
  private func listenToEnd() {
    for _ in 0..<20 where hearsErrors {
      listen()
      var descriptor = pollfd(fd: subprocess.errors, events: Int16(POLLIN), revents: 0)
      _ = poll(&descriptor, 1, 100)
    }
  }

  /// Closes the link; the worker ends.
  func close() { subprocess.end() }
}
