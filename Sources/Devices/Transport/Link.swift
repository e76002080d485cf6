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
    /// What came is no frame; the beginning of it.
    case garbage(String)
  }

  private let subprocess: Subprocess
  private var received: [UInt8] = []
  private var spoken: [UInt8] = []
  /// Bytes that were sent and received so far.
  private(set) var traffic = 0

  /// Seconds of silence after which a link counts as lost: signs of life come every second.
  private static let patience = 20.0
  private static let mostSpoken = 4096

  init(_ subprocess: Subprocess) {
    self.subprocess = subprocess
  }

  /// What the way there has said lately on its error output.
  var lastWords: String { String(decoding: spoken, as: UTF8.self) }

  /// Sends a frame.
  func send(_ header: FrameHeader, _ payload: [UInt8]) throws(Broken) {
    // As one write, so that a small frame is one packet.
    let bytes = header.bytes + payload
    var offset = 0
    var quiet = 0.0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.send(
          subprocess.descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset,
          Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        offset += count
        traffic += count
        quiet = 0
      } else if errno == EAGAIN {
        guard quiet < Self.patience else { throw .silent }
        if !(try wait(for: Int16(POLLOUT), seconds: 0.2)) { quiet += 0.2 }
      } else if errno != EINTR {
        throw .closed
      }
    }
  }

  /// The next frame. `isInterrupted` is asked a few times a second; `nil` once it is true.
  func receive(
    isInterrupted: () -> Bool
  ) throws(Broken) -> (header: FrameHeader, payload: [UInt8])? {
    try fill(FrameHeader.byteCount, isInterrupted)
    guard received.count >= FrameHeader.byteCount else { return nil }
    let header: FrameHeader
    do throws(MalformedFrame) {
      header = try FrameHeader(Array(received.prefix(FrameHeader.byteCount)))
    } catch {
      throw .garbage(printable(received))
    }
    try fill(FrameHeader.byteCount + header.payloadBytes, isInterrupted)
    guard received.count >= FrameHeader.byteCount + header.payloadBytes else { return nil }
    let payload = Array(received.dropFirst(FrameHeader.byteCount).prefix(header.payloadBytes))
    received.removeFirst(FrameHeader.byteCount + header.payloadBytes)
    return (header, payload)
  }

  /// Reads until so many bytes are there, or an interruption.
  private func fill(_ count: Int, _ isInterrupted: () -> Bool) throws(Broken) {
    var quiet = 0.0
    while received.count < count {
      let start = received.count
      let wanted = count - start
      received.append(contentsOf: repeatElement(0, count: wanted))
      let read = received.withUnsafeMutableBytes { bytes in
        Glibc.read(subprocess.descriptor, bytes.baseAddress.map { $0 + start }, wanted)
      }
      let error = errno
      received.removeLast(wanted - max(read, 0))
      if read > 0 {
        traffic += read
        quiet = 0
        continue
      }
      guard read < 0, error == EAGAIN || error == EINTR else {
        listen()
        if !received.isEmpty { throw .garbage(printable(received)) }
        throw .closed
      }
      guard quiet < Self.patience else { throw .silent }
      if !(try wait(for: Int16(POLLIN), seconds: 0.2)) {
        quiet += 0.2
        if isInterrupted() { return }
      }
    }
  }

  /// Waits until the worker takes or gives bytes; false if it did not for so long.
  private func wait(for events: Int16, seconds: Double) throws(Broken) -> Bool {
    var descriptors = [pollfd(fd: subprocess.descriptor, events: events, revents: 0)]
    if subprocess.errors >= 0 {
      descriptors.append(pollfd(fd: subprocess.errors, events: Int16(POLLIN), revents: 0))
    }
    let count = poll(&descriptors, nfds_t(descriptors.count), Int32(seconds * 1000))
    if descriptors.count > 1, descriptors[1].revents & Int16(POLLIN) != 0 { listen() }
    return count > 0 && descriptors[0].revents != 0
  }

  /// Keeps the end of what the way there says.
  private func listen() {
    guard subprocess.errors >= 0 else { return }
    var piece = [UInt8](repeating: 0, count: 1024)
    while true {
      let count = read(subprocess.errors, &piece, piece.count)
      guard count > 0 else { return }
      spoken.append(contentsOf: piece.prefix(count))
      spoken.removeFirst(max(0, spoken.count - Self.mostSpoken))
    }
  }

  private func printable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(60).map { $0 >= 32 && $0 < 127 ? $0 : 46 }, as: UTF8.self)
  }

  /// Closes the link; the worker ends.
  func close() { subprocess.end() }
}
