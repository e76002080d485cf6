import Testing
import Workloads

@Suite("The check of an output")
struct CheckTests {
  @Test("covers all of a small output, every element once")
  func whole() throws {
    for workload in everyKind {
      let points = workload.checkPoints()
      #expect(points.count == workload.outputShape.count, "\(workload)")
      #expect(Set(points).count == points.count)
    }
    let odd = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 19, outputs: 25)), height: 17, width: 33)
    #expect(odd.checkPoints().count == 17 * 33 * 25)
  }

  @Test(
    "of a large output covers corners, borders and some hundred more, all inside the shape",
    arguments: [
      Operation.convolution(Convolution(kernel: 5, inputs: 192, outputs: 48, shuffle: 4)),
      .convolution(Convolution(kernel: 3, inputs: 32, outputs: 32, stride: 2)),
      .add(channels: 64), .concat(first: 63, second: 1),
    ])
  func sampled(_ operation: Operation) throws {
    let workload = try Workload(operation, height: 361, width: 639)
    let shape = workload.outputShape
    let points = workload.checkPoints()
    #expect((300...1000).contains(points.count))
    #expect(Set(points).count == points.count)
    #expect(
      points.allSatisfy {
        (0..<shape.channels).contains($0.channel) && (0..<shape.height).contains($0.y)
          && (0..<shape.width).contains($0.x)
      })
    let (bottom, right) = (shape.height - 1, shape.width - 1)
    for channel in [0, shape.channels - 1] {
      for y in [0, bottom] {
        for x in [0, right] { #expect(points.contains(CheckPoint(channel, y, x))) }
      }
    }
    for onBorder: (CheckPoint) -> Bool in [
      { $0.y == 0 }, { $0.y == bottom }, { $0.x == 0 }, { $0.x == right },
    ] {
      #expect(points.count(where: onBorder) >= 20)
    }
    #expect(points == workload.checkPoints())
  }

  @Test("of a large pooled plane takes each channel once")
  func pooled() throws {
    let workload = try Workload(.globalAveragePool(channels: 64), height: 360, width: 640)
    #expect(Set(workload.checkPoints().map(\.channel)).count == workload.checkPoints().count)
    #expect(workload.checkPoints().count > 50)
  }

  private func expected(
    _ workload: Workload, _ data: TestData = TestData()
  ) -> [(point: CheckPoint, element: Reference.Element)] {
    let reference = Reference(workload, data: data)
    return workload.checkPoints().prefix(500).map {
      ($0, reference.element($0.channel, $0.y, $0.x))
    }
  }

  @Test("finds nothing in the right answer rounded to 32 bits")
  func right() throws {
    for workload in everyKind.shuffled().prefix(40) {
      let expected = expected(workload)
      let tolerance = workload.tolerance(accumulating: .float32)
      let values = Dictionary(uniqueKeysWithValues: expected.map { ($0.point, $0.element.value) })
      let error = Reference.largestError(expected, tolerance) { Float(values[$0] ?? .nan) }
      #expect(error <= tolerance.share, "\(workload)")
    }
  }

  @Test("finds one wrong tap among the 4800 of a 5x5 convolution of 192 channels")
  func wrongTap() throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: 5, inputs: 192, outputs: 4)), height: 90, width: 160)
    let data = TestData()
    let tolerance = workload.tolerance(accumulating: .float32)
    // Tap (2, 3) of channel 100 reads the pixel to the left of the one it should read.
    let expected = expected(workload)
    let error = Reference.largestError(expected, tolerance) { point in
      let reference = Reference(workload, data: data).element(point.channel, point.y, point.x)
      let weight = data.value(.weights, ((point.channel * 192 + 100) * 5 + 2) * 5 + 3)
      func pixel(_ x: Int) -> Float {
        (0..<160).contains(x) ? data.value(.input, (100 * 90 + point.y) * 160 + x) : 0
      }
      return Float(reference.value) - weight * (pixel(point.x + 1) - pixel(point.x))
    }
    #expect(error > 10 * tolerance.share)
  }

  @Test("finds one missing pixel among the 230400 of a pooled plane")
  func missingPixel() throws {
    let workload = try Workload(.globalAveragePool(channels: 16), height: 360, width: 640)
    let data = TestData()
    let tolerance = workload.tolerance(accumulating: .float32)
    let expected = expected(workload)
    let error = Reference.largestError(expected, tolerance) { point in
      let value = Reference(workload).element(point.channel, 0, 0).value
      let last = Double(data.value(.input, (point.channel + 1) * 360 * 640 - 1))
      return Float(value - last / (360 * 640))
    }
    #expect(error > 2 * tolerance.share)
    // Summed one after the other in 32 bits, the worst order there is.
    let summed = Reference.largestError(expected, tolerance) { point in
      let start = point.channel * 360 * 640
      let scale: Float = 1 / (360 * 640)
      return (start..<start + 360 * 640).reduce(into: Float(0)) {
        $0 += data.value(.input, $1) * scale
      }
    }
    #expect(summed <= tolerance.share)
  }

  @Test("allows no error at all where numbers are only moved")
  func moved() throws {
    let shuffle = try Workload(.pixelShuffle(factor: 2, channels: 3), height: 2, width: 3)
    #expect(shuffle.tolerance == 0)
    for operation in [
      Operation.concat(first: 1, second: 2), .copy(channels: 2),
      .resize(.nearest, factor: 2, channels: 2),
    ] {
      #expect(try Workload(operation, height: 2, width: 3).tolerance == 0)
    }
    let expected = expected(shuffle)
    let tolerance = shuffle.tolerance(accumulating: .float32)
    let swapped = Dictionary(
      uniqueKeysWithValues: zip(
        expected.map(\.point), expected.reversed().map { Float($0.element.value) }))
    #expect(Reference.largestError(expected, tolerance) { swapped[$0] ?? 0 } > 0)
  }

  @Test("never accepts what is not a number", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(_ poison: Float) throws {
    let workload = try Workload(.add(channels: 3), height: 2, width: 3)
    let expected = expected(workload)
    let values = Dictionary(uniqueKeysWithValues: expected.map { ($0.point, $0.element.value) })
    let last = try #require(expected.last).point
    let tolerance = workload.tolerance(accumulating: .float32)
    let error = Reference.largestError(expected, tolerance) {
      $0 == last ? poison : Float(values[$0] ?? .nan)
    }
    #expect(error == .infinity)
  }
}
