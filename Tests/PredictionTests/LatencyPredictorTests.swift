import Prediction
import Statistics
import SyntheticTables
import Tables
import Testing
import Workloads

@Suite struct LatencyPredictorTests {
  private let device = SyntheticDevice()

  @Test func aRowOfTheTableIsItsOwnPrediction() throws {
    let workloads = try convolutions()
    let predictor = try LatencyPredictor(table: device.table(workloads))
    for workload in workloads {
      let row = try predictor.latency(of: workload)
      let time = device.nanoseconds(workload)
      #expect(row.basis == .exact)
      #expect(row.nanoseconds == time)
      #expect(row.lowNanoseconds == time * 0.98 && row.highNanoseconds == time * 1.03)
    }
  }

  @Test func aPrunedRowThatIsSlowerThanADenserOneIsSmoothed() throws {
    let dense = try convolution(3, 32, 32)
    let half = try convolution(3, 32, 32, rate: 2)
    var table = device.table([dense])
    var slow = device.row(dense)
    slow.workload = half
    if var measurement = slow.measurement {
      measurement.latency.undisturbedNanoseconds *= 1.02
      slow = Row(workload: half, result: .measured(measurement))
    }
    table.rows.append(slow)
    let predictor = try LatencyPredictor(table: table)
    let (a, b) = (try predictor.latency(of: half), try predictor.latency(of: dense))
    #expect(a.nanoseconds <= b.nanoseconds)
    #expect(a.lowNanoseconds <= a.nanoseconds && a.nanoseconds <= a.highNanoseconds)
  }

  /// The prediction of a row whose figure is so many times the true time, with an interval of so many times that time
  /// to either side; and the true time.
  private func prediction(
    ofBadRow place: Int, among rows: [Workload], factor: Double, halfWidth: Double
  ) throws -> (row: RowPrediction, nanoseconds: Double) {
    var table = device.table(rows)
    let time = device.nanoseconds(rows[place])
    let index = try #require(table.rows.firstIndex { $0.workload == rows[place] })
    var measurement = try #require(table.rows[index].measurement)
    measurement.latency.undisturbedNanoseconds = time * factor
    measurement.latency.lowNanoseconds = time * (factor - halfWidth)
    measurement.latency.highNanoseconds = time * (factor + halfWidth)
    measurement.latency.medianNanoseconds = time * (factor + halfWidth / 2)
    measurement.latency.p90Nanoseconds = time * (factor + halfWidth)
    table.rows[index].result = .measured(measurement)
    return (try LatencyPredictor(table: table).latency(of: rows[place]), time)
  }

  @Test func aRowThatWasMeasuredBadlyIsCombinedWithWhatOthersSay() throws {
    let rows = try convolutions()
    for place in stride(from: 0, to: rows.count, by: 7) {
      let (row, time) = try prediction(ofBadRow: place, among: rows, factor: 1.18, halfWidth: 0.24)
      #expect(row.basis == .combined && row.basis.isMeasured)
      #expect(row.nanoseconds < time * 1.15 && row.nanoseconds > time * 0.97, "\(rows[place])")
      #expect(row.highNanoseconds - row.lowNanoseconds < time * 0.48)
      #expect(row.lowNanoseconds <= time * 1.05 && time <= row.highNanoseconds)
    }
  }

  @Test func aBadRowThatContradictsTheOthersHasAWiderInterval() throws {
    let rows = try convolutions()
    let (row, time) = try prediction(
      ofBadRow: rows.count / 2, among: rows, factor: 2, halfWidth: 0.3)
    #expect(row.basis == .combined)
    #expect(row.highNanoseconds / row.lowNanoseconds > 1.15)
    #expect(row.nanoseconds < time * 1.7)
  }

  @Test func layersBetweenMeasuredOnesAreInterpolatedWithinTheirInterval() throws {
    let predictor = try LatencyPredictor(table: device.table(try convolutions()))
    for (inputs, outputs) in [(20, 20), (12, 40), (40, 12), (28, 56)] {
      for (height, width) in [(90, 160), (120, 200)] {
        let workload = try convolution(3, inputs, outputs, height, width)
        let row = try predictor.latency(of: workload)
        let time = device.nanoseconds(workload)
        #expect(row.basis == .interpolated)
        #expect(abs(row.nanoseconds / time - 1) < 0.05, "\(workload): \(row.nanoseconds / time)")
        #expect(row.lowNanoseconds < row.nanoseconds && row.nanoseconds < row.highNanoseconds)
      }
    }
  }

  @Test func halfOfTheRowsPredictTheOtherHalf() throws {
    let noisy = SyntheticDevice(noise: 0.03)
    let rows = try convolutions()
    var hidden: [Workload] = []
    var known: [Workload] = []
    var generator = SplitMix64(state: 5)
    for row in rows {
      if generator.next() % 2 == 0 { known.append(row) } else { hidden.append(row) }
    }
    let predictor = try LatencyPredictor(table: noisy.table(known))
    var near = 0
    var covered = 0
    for workload in hidden {
      let row = try predictor.latency(of: workload)
      let time = noisy.nanoseconds(workload)
      if abs(row.nanoseconds / time - 1) < 0.1 { near += 1 }
      if row.lowNanoseconds <= time && time <= row.highNanoseconds { covered += 1 }
    }
    #expect(Double(near) >= 0.95 * Double(hidden.count))
    #expect(Double(covered) >= 0.85 * Double(hidden.count))
  }

  @Test func theSmallestLayersTakeWhatAnEmptyDispatchDoes() throws {
    var table = SyntheticDevice(noise: 0.2).table(
      try convolutions(kernels: [1], maps: [(360, 640), (720, 1280)]))
    table.ceilings.emptyDispatchNanoseconds = 2e4
    let predictor = try LatencyPredictor(table: table)
    let attention = try convolution(1, 64, 4, 1, 1)
    let time = device.nanoseconds(attention)
    let row = try predictor.latency(of: attention)
    #expect(row.basis == .modelled)
    #expect((0.8...1.25).contains(row.nanoseconds / time), "\(row.nanoseconds / time)")
  }

  @Test func aKindOfWhichThereAreFewRowsTakesTheLawOfItsLikes() throws {
    func concat(_ channels: Int) throws -> Workload {
      try Workload(.concat(first: channels, second: channels), height: 90, width: 160)
    }
    let adds = try (1...20).map { try Workload(.add(channels: 8 * $0), height: 90, width: 160) }
    var table = device.table(adds + (try convolutions()))
    for channels in [8, 16, 24] {
      var row = device.row(try concat(channels))
      if var measurement = row.measurement {
        measurement.latency.undisturbedNanoseconds *= 3
        row = Row(workload: row.workload, result: .measured(measurement))
      }
      table.rows.append(row)
    }
    let far = try concat(96)
    let row = try LatencyPredictor(table: table).latency(of: far)
    let ratio = row.nanoseconds / (3 * device.nanoseconds(far))
    #expect((0.8...1.25).contains(ratio), "\(ratio)")
  }

  @Test func whatACacheHoldsIsSeenInTheRows() throws {
    let device = SyntheticDevice(cachedElements: 3_000_000)
    func add(_ channels: Int, _ map: (Int, Int)) throws -> Workload {
      try Workload(.add(channels: channels), height: map.0, width: map.1)
    }
    let maps = [(90, 160), (180, 320), (240, 427), (360, 640)]
    let known = try maps.flatMap { map in try [8, 16, 32, 64].map { try add($0, map) } }
    let predictor = try LatencyPredictor(table: device.table(known))
    // The largest that is held has 2.8 million elements, the smallest that is not 4.9.
    for (channels, map) in [(12, (180, 320)), (12, (90, 160)), (40, (180, 320)), (24, (240, 427))] {
      let workload = try add(channels, map)
      let ratio = try predictor.latency(of: workload).nanoseconds / device.nanoseconds(workload)
      #expect((0.97...1.03).contains(ratio), "\(workload): \(ratio)")
    }
  }

  @Test func oneWildRowIsNoCache() throws {
    func add(_ channels: Int) throws -> Workload {
      try Workload(.add(channels: channels), height: 90, width: 160)
    }
    var table = device.table(try (1...16).map { try add(8 * $0) })
    var wild = try #require(table.rows.last?.measurement)
    wild.latency.undisturbedNanoseconds *= 1.5
    wild.latency.highNanoseconds *= 1.5
    table.rows[table.rows.count - 1].result = .measured(wild)
    let larger = try add(512)
    let ratio =
      try LatencyPredictor(table: table).latency(of: larger).nanoseconds
      / device.nanoseconds(larger)
    #expect((0.9...1.15).contains(ratio), "\(ratio)")
  }

  @Test func tilesOfAProcessorAreSeenInTheRows() throws {
    let device = SyntheticDevice(channelBlock: 1, tile: 16)
    let known = try convolutions(channels: [6, 16, 19, 32, 48, 64])
    let predictor = try LatencyPredictor(table: device.table(known))
    for (inputs, outputs) in [(19, 25), (32, 31), (32, 33), (41, 54)] {
      let workload = try convolution(3, inputs, outputs)
      let ratio = try predictor.latency(of: workload).nanoseconds / device.nanoseconds(workload)
      #expect((0.9...1.1).contains(ratio), "\(workload): \(ratio)")
    }
  }

  @Test func aRowThatIsHardlyKnownSaysLess() throws {
    // More inputs than the wild row has, and fewer outputs: it does not bound this one.
    let workload = try convolution(3, 28, 20)
    func prediction(_ halfWidth: Double?) throws -> Double {
      var table = SyntheticDevice(noise: 0.05).table(try convolutions())
      let wild = try convolution(3, 24, 24)
      let index = try #require(table.rows.firstIndex { $0.workload == wild })
      guard let halfWidth else {
        table.rows.remove(at: index)
        return try LatencyPredictor(table: table).latency(of: workload).nanoseconds
      }
      var measurement = try #require(table.rows[index].measurement)
      let time = 0.7 * measurement.latency.undisturbedNanoseconds
      measurement.latency.undisturbedNanoseconds = time
      measurement.latency.lowNanoseconds = time * (1 - halfWidth)
      measurement.latency.highNanoseconds = time * (1 + halfWidth)
      table.rows[index].result = .measured(measurement)
      return try LatencyPredictor(table: table).latency(of: workload).nanoseconds
    }
    let (without, sharp, blurred) = (
      try prediction(nil), try prediction(0.01), try prediction(0.9)
    )
    #expect(sharp < 0.98 * without)
    #expect(abs(blurred / without - 1) < 0.3 * abs(sharp / without - 1))
  }

  @Test func rowsThatContradictEachOtherBoundByBoth() throws {
    var table = device.table(try [8, 16].map { try convolution(3, $0, $0) })
    for (index, time) in [2e6, 1.8e6].enumerated() {
      if var measurement = table.rows[index].measurement {
        measurement.latency.undisturbedNanoseconds = time
        table.rows[index].result = .measured(measurement)
      }
    }
    let row = try LatencyPredictor(table: table).latency(of: try convolution(3, 12, 12))
    #expect((1.8e6...2e6).contains(row.nanoseconds), "\(row.nanoseconds)")
  }

  @Test func aLayerFarFromAllRowsIsModelledWithAWiderInterval() throws {
    let predictor = try LatencyPredictor(table: device.table(try convolutions()))
    let far = try predictor.latency(of: try convolution(3, 512, 512, 720, 1280))
    let near = try predictor.latency(of: try convolution(3, 20, 20))
    #expect(far.basis == .modelled)
    #expect(far.highNanoseconds / far.nanoseconds > near.highNanoseconds / near.nanoseconds)
    let time = device.nanoseconds(try convolution(3, 512, 512, 720, 1280))
    #expect(abs(far.nanoseconds / time - 1) < 0.5)
  }

  @Test func anOperatorThatTheTableDoesNotHaveIsModelledToo() throws {
    let predictor = try LatencyPredictor(table: device.table(try convolutions()))
    let add = try predictor.latency(
      of: try Workload(.add(channels: 32), height: 90, width: 160))
    #expect(add.basis == .modelled)
    #expect(add.nanoseconds > 0 && add.nanoseconds.isFinite)
  }

  @Test func aCostThatIsNextToNothingInTheRowsIsNotTakenToBeLarge() throws {
    // Of their kind, these alone read a second map: of one pixel, which seems to cost 2 us a channel.
    var table = device.table(
      try convolutions()
        + [8, 16, 32, 64].map { try convolution(3, $0, $0, residual: .afterActivation) })
    for channels in [8, 16, 32, 48, 64] {
      for (height, width) in [(45, 80), (90, 160)] {
        let scale = try Workload(.channelScale(channels: channels), height: height, width: width)
        let time = device.nanoseconds(scale) + 2e3 * Double(channels)
        table.rows.append(device.row(scale, nanoseconds: time))
      }
    }
    let add = try Workload(.add(channels: 64), height: 90, width: 160)
    let ratio =
      try LatencyPredictor(table: table).latency(of: add).nanoseconds / device.nanoseconds(add)
    #expect((0.3...4).contains(ratio), "\(ratio)")
  }

  @Test(arguments: [0, 0.1])
  func noLayerIsFasterThanAMeasuredOneThatDoesLess(noise: Double) throws {
    let noisy = SyntheticDevice(noise: noise)
    let known = try convolutions(kernels: [3], channels: [8, 32, 64])
    let predictor = try LatencyPredictor(table: noisy.table(known))
    for inputs in stride(from: 8, through: 64, by: 7) {
      for outputs in stride(from: 8, through: 64, by: 7) {
        let workload = try convolution(3, inputs, outputs, 120, 200)
        let time = try predictor.latency(of: workload).nanoseconds
        func sizes(_ it: Workload) -> [Int] {
          guard case .convolution(let convolution) = it.operation else { return [] }
          return [convolution.inputs, convolution.outputs, it.height * it.width]
        }
        func does(_ a: Workload, atMost b: Workload) -> Bool {
          zip(sizes(a), sizes(b)).allSatisfy { $0 <= $1 }
        }
        let below = known.filter { does($0, atMost: workload) }.map(noisy.nanoseconds).max() ?? 0
        let above = known.filter { does(workload, atMost: $0) }.map(noisy.nanoseconds).min()
        if below <= above ?? .infinity {
          #expect(time >= below && time <= above ?? .infinity)
        }
      }
    }
  }

  @Test func moreWorkIsNeverFasterUnderALawWithoutNoise() throws {
    let predictor = try LatencyPredictor(table: device.table(try convolutions()))
    func rising(_ workloads: [Workload]) throws {
      let times = try workloads.map { try predictor.latency(of: $0).nanoseconds }
      for (a, b) in zip(times, times.dropFirst()) { #expect(a <= b * (1 + 1e-9)) }
    }
    try rising(try (2...16).map { try convolution(3, 4 * $0, 32) })
    try rising(try (2...16).map { try convolution(3, 32, 4 * $0) })
    try rising(try (5...20).map { try convolution(3, 32, 24, 10 * $0, 160) })
  }

  @Test func theOrderOfTheRowsDoesNotMatter() throws {
    let rows = try convolutions()
    var other = device.table(rows)
    other.rows.reverse()
    let a = try LatencyPredictor(table: device.table(rows))
    let b = try LatencyPredictor(table: other)
    for inputs in [12, 20, 100] {
      let workload = try convolution(3, inputs, 20)
      // Sums of the same numbers in another order.
      let ratio = try a.latency(of: workload).nanoseconds / b.latency(of: workload).nanoseconds
      #expect(abs(ratio - 1) < 1e-3, "\(ratio)")
    }
  }

  @Test func aRowThatFailedIsNamed() throws {
    let failed = try convolution(3, 64, 64, 720, 1280)
    let predictor = try LatencyPredictor(table: device.table(try convolutions(), failed: [failed]))
    #expect(throws: PredictionError.failedRow(failed, Failure(.overLimit, "too large"))) {
      try predictor.latency(of: failed)
    }
  }

  @Test func aTableWithoutMeasuredRowsPredictsNothing() throws {
    let table = device.table([], failed: [try convolution(3, 8, 8)])
    #expect(throws: PredictionError.noRows) { try LatencyPredictor(table: table) }
  }

  @Test func aTableOfOneRowPredictsSomethingPositive() throws {
    let predictor = try LatencyPredictor(table: device.table([try convolution(3, 8, 8)]))
    for workload in [try convolution(1, 64, 64), try convolution(3, 8, 12)] {
      let row = try predictor.latency(of: workload)
      #expect(row.nanoseconds > 0 && row.nanoseconds.isFinite)
      #expect(row.lowNanoseconds < 0.8 * row.nanoseconds)
      #expect(row.highNanoseconds > 1.2 * row.nanoseconds)
    }
  }
}
