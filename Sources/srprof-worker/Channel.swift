internal import CSystem
internal import DeviceProtocol

/// Frames over two descriptors, which may be the same.
final class Channel {
  /// Where frames come from.
  let input: Int32
  /// Where frames go.
  let output: Int32
  private var received = FrameBuffer()
  private var piece = [UInt8](repeating: 0, count: 1 << 16)
  /// Bytes that have still to be sent.
  private var unsent: ArraySlice<UInt8> = []

  init(reading input: Int32, writing output: Int32) {
    self.input = input
    self.output = output
  }

  /// Whether something has still to be sent.
  var hasUnsent: Bool { !unsent.isEmpty }

  /// Reads what is there, and waits only if nothing is. False at the end of the input.
  func fill() -> Bool {
    let wanted = min(received.wanted, piece.count)
    guard wanted > 0 else { return true }
    let count = read(input, &piece, wanted)
    if count > 0 { received.append(piece[..<count]) }
    return count > 0
      || (count < 0
        && [system_error_interrupted(), system_error_again()].contains(system_error()))
  }

  /// The next frame, once all of it has come.
  func next() throws(MalformedFrame) -> Frame? { try received.next() }

  /// Waits for a whole frame; `nil` at the end of the input.
  func receive() throws(MalformedFrame) -> Frame? {
    while true {
      if let frame = try next() { return frame }
      guard fill() else { return nil }
    }
  }

  /// Notes a frame to be sent by ``send()``.
  func enqueue(_ frame: Frame) {
    unsent += frame.header.bytes
    unsent += frame.payload
  }

  /// Sends as much of what is noted as goes without waiting, or all on a descriptor that waits. False if
  /// nobody reads any more.
  func send() -> Bool {
    while !unsent.isEmpty {
      let sent = unsent.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if sent < 0 {
        if system_error() == system_error_interrupted() { continue }
        return system_error() == system_error_again()
      }
      unsent = unsent.dropFirst(sent)
    }
    unsent = []
    return true
  }

  /// Sends a reply to a request, and waits until it is gone.
  func reply(
    to request: FrameHeader, _ status: Status, _ payload: [UInt8] = []
  ) -> Bool {
    enqueue(
      Frame(
        header: FrameHeader(
          request.operation, status: status, tag: request.tag, payloadBytes: payload.count),
        payload: payload))
    return send()
  }
}

extension ByteWriter {
  /// A text as a whole payload.
  static func payload(_ text: String) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(text)
    return writer.bytes
  }
}

/// The host's monotonic clock in milliseconds.
func monotonicMilliseconds() -> Int {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
}
