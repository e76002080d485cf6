public import DeviceProtocol
internal import Glibc
internal import Synchronization

/// The host's end of a worker: requests and their replies, one at a time, over a link that is made anew
/// where it was lost.
///
/// Objects that were made through it hold its ``generation``: it changes when the executor does, and
/// everything made before is void.
public final class Worker: Sendable {
  /// The way to it.
  public let transport: any Transport
  /// Who answered at the first connection.
  public let hello: Hello
  private let conversation: Mutex<Conversation>
  private let unreleased = Mutex<[(generation: Int, id: UInt32)]>([])
  private let nextID = Atomic<UInt32>(1)
  private let isInterrupted: @Sendable () -> Bool
  /// The name of the device that this process has for itself there.
  private let lock = Mutex<String?>(nil)

  /// Objects that one request lets go, at most.
  private static let mostReleased = 1 << 16
  /// Seconds for which a lost link is tried anew.
  private static let reconnectSeconds = 60.0

  /// Starts a worker.
  ///
  /// - Parameter isInterrupted: Asked while a reply is waited for; true gives the request up half a second
  ///   later, and the executor with it.
  public init(
    _ transport: any Transport, isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(ConnectionError) {
    self.transport = transport
    self.isInterrupted = isInterrupted
    let (link, hello) = try Self.connect(transport)
    self.hello = hello
    conversation = Mutex(Conversation(link: link))
  }

  /// Changes when everything made before is void.
  public var generation: Int { conversation.withLock { $0.generation } }

  /// Whether the executor of a generation is there and answers.
  public func isAlive(_ generation: Int) -> Bool {
    conversation.withLock { $0.isAlive(generation) }
  }

  /// Bytes that crossed the wire so far, both ways.
  public var traffic: Int { conversation.withLock { $0.traffic } }

  /// A number that no object has.
  func newID() -> UInt32 {
    nextID.add(1, ordering: .relaxed).oldValue
  }

  /// Lets an object go with the next request.
  func release(_ id: UInt32, of generation: Int) {
    unreleased.withLock { $0.append((generation, id)) }
  }

  /// Asks for something and waits for the reply.
  ///
  /// - Parameters:
  ///   - generation: That of the objects in the request.
  ///   - seconds: After which the executor is ended.
  ///   - call: The Vulkan call that the request leads to, and `making` its purpose, for errors.
  ///   - whileWaiting: Told every second how many have passed.
  func request(
    _ operation: WorkerOperation, _ payload: [UInt8], generation: Int, seconds: Double = 60,
    call: String, making: @autoclosure () -> String, whileWaiting: (Double) -> Void = { _ in }
  ) throws(VulkanError) -> [UInt8] {
    let gone = unreleased.withLock { list in
      defer { list = [] }
      return list.filter { $0.generation == generation }.map(\.id)
    }
    for start in stride(from: 0, to: gone.count, by: Self.mostReleased) {
      let list = IdentifierList(Array(gone[start..<min(gone.count, start + Self.mostReleased)]))
      _ = try exchange(
        .release, list.bytes, generation, seconds: 60, call: "vkDestroyBuffer", making: "room")
    }
    return try exchange(
      operation, payload, generation, seconds: seconds, call: call, making: making(),
      whileWaiting: whileWaiting)
  }

  private func exchange(
    _ operation: WorkerOperation, _ payload: [UInt8], _ generation: Int, seconds: Double,
    call: String, making: @autoclosure () -> String, whileWaiting: (Double) -> Void = { _ in }
  ) throws(VulkanError) -> [UInt8] {
    let outcome = conversation.withLock { state in
      state.exchange(
        operation, payload, generation, milliseconds: UInt32(clamping: Int(seconds * 1000)),
        whileWaiting: whileWaiting, isInterrupted)
    }
    switch outcome {
    case .done(let payload): return payload
    case .failed(let error): throw error
    case .crashed(let end):
      throw VulkanError(.crashed, call: call, making: making(), detail: end.phrase)
    case .timedOut(let detail):
      throw VulkanError(
        .timedOut, call: call, making: making(), detail: detail ?? "no answer after \(seconds) s")
    case .refused(let reason):
      throw VulkanError(.argument, call: call, making: making(), detail: reason)
    case .void:
      throw VulkanError(
        .timedOut, call: call, making: making(),
        detail: "earlier work on this device never finished")
    case .broken(let words, let broken):
      let reason = transport.explanation(of: words).description
      let detail = if case .garbage(let text) = broken { "it sent '\(text)'" } else { reason }
      throw VulkanError(.linkLost, call: call, making: making(), detail: detail)
    }
  }

  /// Ends the executor, whatever it does; the next request meets another. A lost link is made anew, for up to
  /// a minute.
  public func restart() throws(VulkanError) {
    let isDone = conversation.withLock { $0.restart() }
    if isDone { return }
    let start = monotonicSeconds()
    var pause = 0.1
    while true {
      do throws(ConnectionError) {
        let link = try Self.connect(transport).link
        conversation.withLock { $0.replace(link) }
        // The worker before may take a moment to end.
        if let name = lock.withLock({ $0 }), !takeLock(name, tries: 50) {
          throw ConnectionError(
            "\(transport.place) was taken by another host while the connection was lost")
        }
        return
      } catch {
        let spent = monotonicSeconds() - start
        guard error.mayPass, spent < Self.reconnectSeconds, !isInterrupted() else {
          throw VulkanError(
            .linkLost, call: "connect", making: "a new connection", detail: error.description)
        }
      }
      usleep(UInt32(pause * 1e6))
      pause = min(pause * 2, 5)
    }
  }

  /// Notes a failure that came inside a reply: one that takes the device away makes everything void.
  func note(_ failure: VulkanError, of generation: Int) {
    guard failure.takesDeviceAway else { return }
    conversation.withLock { $0.lose(generation) }
  }

  /// Takes a device there for this process, by a name of hexadecimal digits. False where another host has it.
  public func takeLock(_ name: String) -> Bool {
    // A worker of a command before may take a moment to end.
    guard takeLock(name, tries: 20) else { return false }
    lock.withLock { $0 = name }
    return true
  }

  private func takeLock(_ name: String, tries: Int) -> Bool {
    var writer = ByteWriter()
    writer.write(name)
    for attempt in 0..<tries {
      if attempt > 0 { usleep(100_000) }
      let outcome = conversation.withLock { state in
        state.exchange(.lock, writer.bytes, state.generation, milliseconds: 0, isInterrupted)
      }
      if case .done([1]) = outcome { return true }
    }
    return false
  }

  /// Clocks and heat of the machine; `nil` where it cannot be asked now.
  public func telemetry() -> Telemetry? {
    let outcome = conversation.withLock { state in
      state.exchange(.telemetry, [], state.generation, milliseconds: 0, isInterrupted)
    }
    guard case .done(let payload) = outcome else { return nil }
    return try? Telemetry(payload: payload)
  }

  /// Ends the worker.
  public func close() { conversation.withLock { $0.replace(nil) } }

  deinit { close() }

  private static func connect(
    _ transport: any Transport
  ) throws(ConnectionError) -> (link: Link, hello: Hello) {
    let link = try transport.connect()
    switch greeting(over: link, transport) {
    case .worker(let hello): return (link, hello)
    case .stranger(let error):
      link.close()
      throw error
    case .nobody(let error):
      link.close()
      // A file that was damaged there, as by a loss of power, is brought again.
      guard let renewed = transport.renew(),
        case .worker(let hello) = greeting(over: renewed, transport)
      else { throw error }
      return (renewed, hello)
    }
  }

  /// Who answers at the other end of a link.
  private enum Greeting {
    /// This program's own worker.
    case worker(Hello)
    /// Another program's.
    case stranger(ConnectionError)
    /// No worker at all.
    case nobody(ConnectionError)
  }

  private static func greeting(over link: Link, _ transport: any Transport) -> Greeting {
    var conversation = Conversation(link: link)
    let place = transport.place.isEmpty ? "this machine" : transport.place
    switch conversation.exchange(.hello, [], 0, milliseconds: 0, { false }) {
    case .done(let payload):
      guard let hello = try? Hello(payload: payload) else {
        return .stranger(
          ConnectionError("the worker of \(place) greets in another way: it is another version"))
      }
      guard WorkerProgram.all.contains(where: { $0.digest == hello.program }) else {
        return .stranger(
          ConnectionError("the worker of \(place) is another version than this srprof's"))
      }
      return .worker(hello)
    case .broken(_, .garbage(let text)):
      return .nobody(
        ConnectionError(
          "\(place) sent '\(text)' instead of a worker's greeting: nothing may be printed there when a "
            + "command is run"))
    case .broken(let words, _): return .nobody(transport.explanation(of: words))
    default: return .nobody(ConnectionError("the worker of \(place) does not answer"))
    }
  }
}
