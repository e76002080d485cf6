import Images
import Statistics
import Testing
import Workloads

@Suite("An image's colours")
struct ColourTests {
  private static func image(_ colours: [(Float, Float, Float)]) -> Tensor {
    Tensor(
      MapShape(channels: 3, height: 1, width: colours.count),
      colours.map(\.0) + colours.map(\.1) + colours.map(\.2))
  }

  private func expect(_ tensor: Tensor?, near values: [Float], within error: Float = 2e-6) {
    guard let tensor, tensor.values.count == values.count else {
      Issue.record("\(String(describing: tensor)) has not \(values.count) values")
      return
    }
    for (found, value) in zip(tensor.values, values) { #expect(abs(found - value) <= error) }
  }

  @Test("become brightness and differences as published for BT.601")
  func forward() {
    let image = Self.image([(0, 0, 0), (1, 1, 1), (1, 0, 0), (0.2, 0.4, 0.6)])
    let brightness: [Float] = [16, 235, 81.481, 16 + 13.0962 + 51.4212 + 14.9796]
    expect(image.luma, near: brightness.map { $0 / 255 })
    let blue: [Float] = [128, 128, 128 - 37.797, 128 - 7.5594 - 29.6812 + 67.2]
    let red: [Float] = [128, 128, 240, 128 + 22.4 - 37.5144 - 10.9284]
    expect(image.rgbToYCbCr, near: (brightness + blue + red).map { $0 / 255 }, within: 1e-5)
  }

  @Test("come back from brightness and differences")
  func back() throws {
    var random = SplitMix64(state: 3)
    let image = Self.image(
      (0..<50).map { _ in
        (
          .random(in: 0...1, using: &random), .random(in: 0...1, using: &random),
          .random(in: 0...1, using: &random)
        )
      })
    expect(try #require(image.rgbToYCbCr).yCbCrToRgb, near: image.values)
  }

  @Test("are three: other tensors have none, and a grey one has its brightness")
  func counts() {
    let grey = Tensor(MapShape(channels: 1, height: 1, width: 2), [0, 1])
    expect(grey.luma, near: [16 / 255, 235 / 255])
    #expect(grey.rgbToYCbCr == nil && grey.yCbCrToRgb == nil)
    let four = Tensor(MapShape(channels: 4, height: 1, width: 1), [0, 0, 0, 0])
    #expect(four.luma == nil && four.upscaled { $0 } == nil)
  }

  @Test("go around a network that takes brightness alone")
  func network() throws {
    let colours: [(Float, Float, Float)] = [(0.1, 0.5, 0.9), (0.6, 0.2, 0.3)]
    let image = Self.image(colours)
    // Resizing is linear: brightness by the same means gives the resized image.
    let result = image.upscaled {
      #expect($0.shape.channels == 1)
      return $0.resizedBicubic(height: 3, width: 6)
    }
    expect(result, near: image.resizedBicubic(height: 3, width: 6).values, within: 5e-6)
    let grey = Tensor(MapShape(channels: 1, height: 1, width: 2), [0.25, 0.75])
    expect(grey.upscaled { $0 }, near: grey.values)
    #expect(image.upscaled { _ in image } == nil)
  }
}

@Suite("An image resized bicubically")
struct ResizingTests {
  @Test("to its own size is itself")
  func same() {
    let image = Tensor(MapShape(channels: 2, height: 2, width: 3), (0..<12).map { Float($0 * $0) })
    #expect(image.resizedBicubic(height: 2, width: 3) == image)
  }

  @Test("has the weights of Keys' kernel, with the border going on")
  func weights() {
    // Twice the size: taps lie at 1.25, 0.25, 0.75 and 1.75 to either side.
    let (a, b, c, d): (Float, Float, Float, Float) = (-0.0703125, 0.8671875, 0.2265625, -0.0234375)
    let line = Tensor(MapShape(channels: 1, height: 1, width: 5), [0, 0, 1, 0, 0])
    #expect(line.resizedBicubic(height: 1, width: 10).values == [0, d, a, c, b, b, c, a, d, 0])
    let edge = Tensor(MapShape(channels: 1, height: 4, width: 1), [1, 0, 0, 0])
    #expect(
      edge.resizedBicubic(height: 8, width: 1).values
        == [b + c + d, a + b, c + d, a, d, 0, 0, 0])
  }

  @Test("keeps straight lines straight, and means where it shrinks")
  func lines() {
    let slope = Tensor(MapShape(channels: 1, height: 1, width: 12), (0..<12).map(Float.init))
    let large = slope.resizedBicubic(height: 1, width: 36).values
    for x in 6..<30 { #expect(abs(large[x] - ((Float(x) + 0.5) / 3 - 0.5)) < 1e-5) }
    let stripes = Tensor(
      MapShape(channels: 1, height: 1, width: 64), (0..<64).map { Float($0 % 2) })
    for value in stripes.resizedBicubic(height: 1, width: 16).values[2..<14] {
      #expect(abs(value - 0.5) < 0.01)
    }
  }
}
