import Execution
import Foundation
import Images
import Measurement
import Networks
import Prediction
import Store
import TableExamples
import Tables
import Testing
import Workloads
import XNNPACK

/// Sessions on the processor, which needs no driver.
@Suite(.serialized) struct `A session` {
  /// Opens one in a folder of its own.
  private func withSession(
    shouldStop: @escaping () -> Bool = { false },
    _ body: (NetworkSession) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-session-\(UInt64.random(in: 0...UInt64.max))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let backend = try XNNPACKBackend(
      Library(), threads: 1, ignoringSparsity: false, version: "test")
    let lock = try DeviceLock(
      backend.device, folder: folder, wait: false, waiting: { _ in }, isInterrupted: { false })
    try body(
      NetworkSession(
        backend, lock: lock, store: try Store(path: folder + "/store.sqlite"),
        shouldStop: shouldStop))
  }

  private static func network(_ description: String) throws -> LoweredNetwork {
    try LoweredNetwork(
      NetworkDescription(parsing: description).graph(), fusingSplitBlocks: false)
  }

  /// A table of another machine's processor.
  private static func table() throws -> LatencyTable {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try LatencyTable(contentsOf: root.appending(path: "Reports/xnnpack-1-quick.json").path)
  }

  @Test func `checks each kernel once, and times steps and frames`() throws {
    try withSession { session in
      let network = try Self.network("quicksrnet:blocks=2,scale=2,input=24x16")
      let first = try session.check(network)
      // Layers that are equal have one kernel.
      #expect(first.onTheWay == Set(network.steps.map(\.workload)).count)
      #expect(first.onTheWay + first.before == network.steps.count)
      let second = try session.check(network)
      #expect(second.onTheWay == 0 && second.before == network.steps.count)
      let (outcomes, end) = session.time([network], seconds: 0.1)
      #expect(end == nil)
      #expect(outcomes.count == 1 && outcomes[0].failure == nil && outcomes[0].frame != nil)
      #expect(try session.steps(of: network, seconds: 0.05).schedules == [])
    }
  }

  @Test
  func `predicts by another device's table where that will do, and executes the same networks`()
    throws
  {
    let table = try Self.table()
    try withSession { session in
      do throws(NetworkSession.Stop) {
        _ = try session.predictor(of: table)
        Issue.record("a table of another device was taken")
      } catch {
        let own = session.fingerprint.model
        guard case .otherDevice(table.device.name, table.fingerprint, own) = error else {
          Issue.record("\(error)")
          return
        }
      }
      let networks = try ["quicksrnet:blocks=2,scale=2,input=24x16", "fsrcnn:scale=2,input=24x16"]
        .map(Self.network)
      let trials = try NetworkTrials(
        networks, session.predictor(of: table, anyDevice: true), table: table, in: session,
        schedules: .standard, seconds: 0.1)
      #expect(trials.end == nil)
      #expect(trials.failures.isEmpty)
      #expect(trials.results.map(\.network.name) == networks.map(\.name))
      // The table is of another device, whose speed is another matter.
      #expect(trials.relativeSpeed == .unchanged)
      // Two networks do not tell three constants.
      #expect(trials.additivity(ceilings: table.ceilings) == nil)
    }
  }

  @Test func `splits errors into drift, sums and rows, of which the table is one`() throws {
    let table = try Self.table()
    // Twice the time of every row: a device that was half as fast.
    var slow = table
    for index in slow.rows.indices {
      guard case .measured(var measurement) = slow.rows[index].result else { continue }
      let latency = measurement.latency
      measurement.latency = Latency(
        undisturbedNanoseconds: latency.undisturbedNanoseconds * 2,
        lowNanoseconds: latency.lowNanoseconds * 2, highNanoseconds: latency.highNanoseconds * 2,
        medianNanoseconds: latency.medianNanoseconds * 2,
        p90Nanoseconds: latency.p90Nanoseconds * 2, samples: latency.samples,
        stable: latency.stable)
      slow.rows[index].result = .measured(measurement)
    }
    try withSession { session in
      let networks = try ["quicksrnet:blocks=2,scale=2,input=24x16", "fsrcnn:scale=2,input=24x16"]
        .map(Self.network)
      func trials(_ table: LatencyTable, paired: Bool = true) throws -> NetworkTrials {
        try NetworkTrials(
          networks, session.predictor(of: table, anyDevice: true), table: table, in: session,
          schedules: .standard, seconds: 0.1, paired: paired)
      }
      #expect(try trials(table, paired: false).parts == nil)
      let plain = try #require(try trials(table).parts)
      let trials = try trials(slow)
      let parts = try #require(trials.parts)
      let workloads = Set(trials.results.flatMap(\.prediction.parts).map(\.workload))
      #expect(parts.rows.errors.count + parts.interpolation.errors.count == workloads.count)
      // Rows were measured beside both frames, whatever the table says.
      #expect(parts.additivity.errors.count == 2 && parts.incomplete == 0)
      // Rows that took twice as long take half of that now, give or take what interferes here.
      #expect((1 + parts.drift) / (1 + plain.drift) < 0.9)
    }
  }

  @Test func `stops where it is asked to, with what was found so far`() throws {
    var isStopped = false
    let shouldStop = { isStopped }
    try withSession(shouldStop: shouldStop) { session in
      isStopped = true
      let network = try Self.network("quicksrnet:blocks=2,scale=2,input=24x16")
      let (outcomes, end) = session.time([network], seconds: 0.1)
      guard case .interrupted(carriesOn: false) = end else {
        Issue.record("\(String(describing: end))")
        return
      }
      #expect(outcomes.count == 1 && outcomes[0].frame == nil)
      #expect(throws: NetworkSession.Stop.self) { try session.check(network) }
    }
  }
}

@Suite struct `A picture's network` {
  private let backend: XNNPACKBackend

  init() throws {
    backend = try XNNPACKBackend(
      Library(), threads: 1, ignoringSparsity: false, version: "test")
  }

  @Test func `makes the same of tiles as of the whole`() throws {
    let description = try NetworkDescription(parsing: "quicksrnet:blocks=2,scale=2")
    let shape = MapShape(channels: 3, height: 40, width: 52)
    let picture = Images.Tensor(shape, (0..<shape.count).map { Float($0 * 37 % 256) / 255 })
    func network(tile: Int?) throws -> PictureNetwork {
      try PictureNetwork(picture: shape, tile: tile, on: backend) {
        shape throws(InvalidNetwork) in
        try description.graph(
          input: shape.map { ImageSize(width: $0.width, height: $0.height) } ?? .standard)
      }
    }
    func upscaled(_ network: PictureNetwork) throws -> Images.Tensor {
      try network.upscale(
        picture, isImage: false, by: ProcessorNetwork(network.lowered, on: backend),
        watchdogNanoseconds: 60e9)
    }
    let (whole, tiled) = (try network(tile: nil), try network(tile: 24))
    #expect(whole.tiling == nil)
    #expect(try #require(tiled.tiling).corners.count > 1)
    let (expected, result) = (try upscaled(whole), try upscaled(tiled))
    #expect(result.shape == MapShape(channels: 3, height: 80, width: 104))
    #expect(zip(result.values, expected.values).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func `is not cut where every pixel decides about all`() throws {
    let graph = try NetworkDescription(parsing: "rcan:groups=1,blocks=1,scale=2").graph(
      input: ImageSize(width: 32, height: 32))
    do throws(PictureNetwork.Misfit<Never>) {
      _ = try PictureNetwork(picture: nil, tile: 16, on: backend) { _ in graph }
      Issue.record("it was cut")
    } catch {
      guard case .network(let sentence) = error else { return }
      #expect(sentence.hasSuffix("depends on the whole picture, so it cannot be cut into tiles"))
    }
  }
}

@Suite struct `Networks to try tables with` {
  @Test func `are the zoo first, then random ones, the same by the same seed`() throws {
    let size = ImageSize(width: 48, height: 32)
    let zoo = ValidationNetworks.zoo(input: size)
    let graphs = try ValidationNetworks(count: zoo.count + 3, input: size, seed: 5).graphs
    let again = try ValidationNetworks(count: zoo.count + 3, input: size, seed: 5).graphs
    #expect(graphs.map(\.name) == again.map(\.name))
    #expect(graphs.map(\.macs) == again.map(\.macs))
    #expect(try ValidationNetworks(count: 2, input: size, seed: 5).graphs.count == 2)
    #expect(
      graphs.prefix(zoo.count).map(\.name)
        == (try zoo.map { try NetworkDescription(parsing: $0).graph().name }))
  }

  @Test func `calibrate a table that has all their rows, and no other`() throws {
    let size = ImageSize(width: 48, height: 32)
    var workloads: Set<Workload> = []
    for blocks in [2, 6] {
      let graph = try NetworkDescription(
        parsing: "wdsr-b:blocks=\(blocks),channels=16,scale=2,input=\(size)"
      ).graph()
      workloads.formUnion(try LoweredNetwork(graph).steps.map(\.workload))
    }
    var table = exampleTable
    table.rows = workloads.sorted().map { Row(workload: $0, result: measured($0)) }
    let networks = CalibrationNetworks(table, try LatencyPredictor(table: table)).networks
    #expect(networks.count == 2)
    #expect(networks.allSatisfy { Set($0.steps.map(\.workload)).isSubset(of: workloads) })
  }
}
