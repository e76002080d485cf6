import Prediction
import Statistics
import SyntheticTables
import Tables
import Testing
import Workloads

@Suite struct `Rows that are chosen` {
  private let device = SyntheticDevice(noise: 0.01)

  private func rows() throws -> [Workload] {
    try convolutions()
      + [8, 16, 32, 64].map { try Workload(.add(channels: $0), height: 90, width: 160) }
  }

  @Test func `are of every kind of layer at first, and each is chosen once`() throws {
    let rows = try rows()
    var selection = RowSelection(rows, channelBlock: 4)
    let first = selection.nextBatch(most: .max)
    #expect(first.count == rows.count / 8)
    #expect(Set(first.map(\.operatorName)).count == 2)
    #expect(Set(first.map { $0.macs == 0 ? 0 : $0.name.hasPrefix("conv1x1") ? 1 : 3 }).count == 3)
    var all = first
    while case let batch = selection.nextBatch(most: 7), !batch.isEmpty { all += batch }
    #expect(all.count == rows.count && Set(all) == Set(rows))
  }

  @Test(arguments: [0.2, 0.33])
  func `predict the others better than as many that are drawn`(share: Double) throws {
    let rows = try rows()
    let table = device.table(rows)
    let chosen = try HiddenRows(table, keeping: share)
    #expect(chosen.kept == Int(share * Double(rows.count)))
    #expect(chosen.kept + chosen.rows.count == rows.count)
    func error(_ rows: [HiddenRows.Row]) -> Double {
      rows.reduce(0) { $0 + abs($1.error) } / Double(rows.count)
    }
    var random = SplitMix64(state: 3)
    let drawn = try (0..<9).map { _ in
      let shuffled = rows.shuffled(using: &random)
      let predictor = try LatencyPredictor(table: device.table(Array(shuffled[..<chosen.kept])))
      let hidden = shuffled[chosen.kept...]
      return try hidden.reduce(0) {
        $0 + abs(try predictor.latency(of: $1).nanoseconds / device.nanoseconds($1) - 1)
      } / Double(hidden.count)
    }
    #expect(error(chosen.rows) < drawn.sorted()[4])
  }

  @Test func `leave out what no network needs and what says nothing about it`() throws {
    let rows = try rows()
    let needed = try convolution(3, 24, 24)
    var selection = RowSelection(rows, importance: [needed: 3], channelBlock: 4)
    let first = try #require(selection.nextBatch(most: 1).first)
    #expect(first == needed)
    selection.learn(from: device.table([needed]))
    // All that is needed is known.
    #expect(selection.expectedError == 0)
    #expect(selection.nextBatch(most: .max).isEmpty)
  }

  @Test func `matter by the time that they take in a network, not by how often they run`() throws {
    let (large, small) = (try convolution(3, 64, 64, 180, 320), try convolution(1, 8, 8))
    var selection = RowSelection(
      try rows(), importance: [large: 1, small: 5], channelBlock: 4)
    #expect(selection.nextBatch(most: 1) == [large])
  }

  @Test func `are those that are measured already, which are not chosen again`() throws {
    let rows = try rows()
    var selection = RowSelection(rows, channelBlock: 4)
    let known = Array(rows[..<30])
    selection.learn(from: device.table(known))
    var all: [Workload] = []
    while case let batch = selection.nextBatch(most: .max), !batch.isEmpty { all += batch }
    #expect(all.count == rows.count - 30 && Set(all).isDisjoint(with: known))
  }

  @Test func `make the error that is expected smaller, and none is left in the end`() throws {
    let rows = try rows()
    var selection = RowSelection(rows, channelBlock: 4)
    #expect(selection.expectedError == nil)
    var known: [Workload] = []
    var errors: [Double] = []
    while case let batch = selection.nextBatch(most: 20), !batch.isEmpty {
      known += batch
      selection.learn(from: device.table(known))
      errors.append(try #require(selection.expectedError))
      #expect(selection.leftOut.count == rows.count - known.count)
    }
    #expect(errors.last == 0 && errors[errors.count / 2] < errors[0])
  }

  @Test func `count as known where they failed, and say nothing where none was measured`() throws {
    let rows = try rows()
    var selection = RowSelection(rows, channelBlock: 4)
    selection.learn(from: device.table([], failed: [rows[0]]))
    #expect(selection.expectedError == nil && selection.leftOut.isEmpty)
    selection.learn(from: device.table([rows[1]], failed: [rows[0]]))
    #expect(selection.leftOut.count == rows.count - 2)
    #expect(!selection.leftOut.contains { $0.workload == rows[0] })
  }
}

@Suite struct `A prediction at another speed` {
  private let device = SyntheticDevice()

  private func prediction(
    _ workloads: [Workload], at speed: RelativeSpeed
  ) throws -> (before: NetworkPrediction, after: NetworkPrediction, predictor: LatencyPredictor) {
    let adds = try [8, 16, 32, 48, 64].map {
      try Workload(.add(channels: $0), height: 90, width: 160)
    }
    let predictor = try LatencyPredictor(table: device.table(convolutions() + adds))
    let before = try NetworkPrediction(workloads.map { ($0, 2) }, predictor: predictor)
    return (before, before.at(speed, by: predictor), predictor)
  }

  @Test func `goes by memory for what moves data, and by arithmetic for what multiplies`() throws {
    let add = try Workload(.add(channels: 64), height: 90, width: 160)
    let multiply = try convolution(3, 64, 64)
    for workload in [add, multiply] {
      let slowMemory = try prediction([workload], at: .init(arithmetic: 1, memory: 0.5))
      let slowClock = try prediction([workload], at: .init(arithmetic: 0.5, memory: 1))
      let (byMemory, byClock) = (
        slowMemory.after.nanoseconds / slowMemory.before.nanoseconds,
        slowClock.after.nanoseconds / slowClock.before.nanoseconds
      )
      #expect(workload == add ? byMemory > 1.9 && byClock < 1.1 : byMemory < 1.2 && byClock > 1.8)
      // Each share goes by one of both speeds.
      #expect(abs(byMemory + byClock - 3) < 1e-9)
      #expect(slowMemory.after.highNanoseconds > slowMemory.after.nanoseconds)
    }
  }

  @Test func `is the whole divided by the speed where both are one`() throws {
    let layers = [try convolution(3, 16, 32), try convolution(1, 64, 8)]
    let (before, after, _) = try prediction(layers, at: .init(arithmetic: 0.8, memory: 0.8))
    #expect(abs(after.nanoseconds / before.nanoseconds - 1.25) < 1e-9)
    let same = try prediction(layers, at: .unchanged)
    #expect(same.after == same.before)
  }
}
