/// How every message begins, in both directions; its payload follows.
///
/// The host sends a request and waits for its reply, which has the request's operation and tag. Meanwhile
/// the supervisor sends ``WorkerOperation/alive`` every second. Only ``WorkerOperation/restart`` may be sent before the
/// reply to the request before has come.
public struct FrameHeader: Equatable, Sendable {
  /// The request, or the one that is answered.
  public var operation: WorkerOperation
  /// How it went; `.done` in requests.
  public var status: Status
  /// A number that a reply repeats.
  public var tag: UInt32
  /// Milliseconds after which the supervisor gives a request up; 0 in replies.
  public var deadlineMilliseconds: UInt32
  /// Bytes of the payload.
  public var payloadBytes: Int

  /// Bytes of a header.
  public static let byteCount = 20
  /// Bytes of the longest payload: a piece of contents with what stands before it.
  public static let mostPayloadBytes = pieceBytes + 4096
  /// Bytes of the largest piece in which contents are moved.
  public static let pieceBytes = 1 << 20
  private static let magic: UInt32 = 0x7250_7253

  /// A header.
  public init(
    _ operation: WorkerOperation, status: Status = .done, tag: UInt32,
    deadlineMilliseconds: UInt32 = 0,
    payloadBytes: Int
  ) {
    self.operation = operation
    self.status = status
    self.tag = tag
    self.deadlineMilliseconds = deadlineMilliseconds
    self.payloadBytes = payloadBytes
  }

  /// The header in bytes.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.magic)
    writer.write(UInt32(payloadBytes))
    writer.write(operation.rawValue)
    writer.write(status.rawValue)
    writer.write(UInt16(0))
    writer.write(tag)
    writer.write(deadlineMilliseconds)
    return writer.bytes
  }

  /// Reads a header from its ``byteCount`` bytes. Throws ``MalformedFrame/noFrame`` for what does not begin
  /// as one, and ``MalformedFrame/outOfRange`` for an unknown operation or a payload that is too long.
  public init(_ bytes: [UInt8]) throws(MalformedFrame) {
    var reader = ByteReader(bytes)
    guard try reader.integer(UInt32.self) == Self.magic else { throw .noFrame }
    let count = Int(try reader.integer(UInt32.self))
    let operation = WorkerOperation(rawValue: try reader.integer())
    let status = Status(rawValue: try reader.integer())
    let reserved = try reader.integer(UInt16.self)
    guard let operation, let status, reserved == 0, count <= Self.mostPayloadBytes else {
      throw .outOfRange
    }
    self.init(
      operation, status: status, tag: try reader.integer(),
      deadlineMilliseconds: try reader.integer(), payloadBytes: count)
    try reader.end()
  }
}

/// Requests of a host to a worker.
public enum WorkerOperation: UInt8, Sendable, CaseIterable {
  /// Who answers: ``Hello``.
  case hello = 1
  /// The machine's clocks and its heat: ``Telemetry``.
  case telemetry
  /// Takes a device for this supervisor alone, by a name, as long as it runs. The payload is the name as a
  /// text; the reply says in one byte whether it is taken.
  case lock
  /// Ends the executor, whatever it does; the next request starts another.
  case restart
  /// The Vulkan devices.
  case devices
  /// Opens a device.
  case open
  /// The driver's compiled pipelines, to be given back by the next `open`.
  case cache
  /// Compiles a shader.
  case pipeline
  /// Allocates a buffer.
  case buffer
  /// Writes a piece of a buffer.
  case write
  /// Fills a buffer with a word.
  case fill
  /// Reads a piece of a buffer.
  case read
  /// Digests of buffers.
  case digest
  /// Brings a piece of contents, to be kept by their digest.
  case put
  /// Writes contents that are kept to buffers.
  case load
  /// Binds buffers to a pipeline.
  case set
  /// Puts dispatches into a ring.
  case ring
  /// Runs dispatches of rings, and times them.
  case run
  /// Lets objects go.
  case release
  /// A sign of life, while a request takes its time; the payload is empty.
  case alive
}

/// How a request went.
public enum Status: UInt8, Sendable, CaseIterable {
  /// The payload is what was asked for.
  case done = 0
  /// The payload is a ``VulkanError``.
  case failed
  /// The executor ended in it; the payload is an ``ExecutorEnd``.
  case crashed
  /// The request took longer than its deadline, and the executor was ended.
  case timedOut
  /// The request cannot be understood; the payload says why, as a text.
  case refused
}
