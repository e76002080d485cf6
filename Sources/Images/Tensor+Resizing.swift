internal import Workloads

extension Tensor {
  /// The image in another size, by cubic convolution (Keys 1981, a = -0.5) in each direction. Pixel
  /// centres lie at half, pixels at the border go on beyond it, and the kernel is widened where the
  /// image shrinks, as by MATLAB's `imresize`. Sizes are at least 1.
  public func resizedBicubic(height: Int, width: Int) -> Tensor {
    let columns = Taps.all(from: shape.width, to: width)
    let rows = Taps.all(from: shape.height, to: height)
    // Rows of the width that is wanted, then columns.
    let middle = MapShape(channels: shape.channels, height: shape.height, width: width)
    var wide = [Float](repeating: 0, count: middle.count)
    for row in 0..<shape.channels * shape.height {
      for (x, taps) in columns.enumerated() {
        wide[row * width + x] = taps.sum { values[row * shape.width + $0] }
      }
    }
    let result = MapShape(channels: shape.channels, height: height, width: width)
    var tall = [Float](repeating: 0, count: result.count)
    for channel in 0..<shape.channels {
      for (y, taps) in rows.enumerated() {
        for x in 0..<width {
          tall[result.index(channel, y, x)] = taps.sum { wide[middle.index(channel, $0, x)] }
        }
      }
    }
    return Tensor(result, tall)
  }
}

/// What one pixel of a line is the weighted sum of.
private struct Taps {
  private let taps: [(place: Int, weight: Float)]

  /// The taps of every pixel of a line of `target` pixels made of one of `source`.
  static func all(from source: Int, to target: Int) -> [Taps] {
    let scale = Double(target) / Double(source)
    return (0..<target).map { Taps(centre: (Double($0) + 0.5) / scale - 0.5, source, scale) }
  }

  private init(centre: Double, _ source: Int, _ scale: Double) {
    let stretch = max(1, 1 / scale)
    let first = Int((centre - 2 * stretch).rounded(.up))
    let last = Int((centre + 2 * stretch).rounded(.down))
    let all = (first...last).map { place in
      (min(max(place, 0), source - 1), Self.cubic(abs(Double(place) - centre) / stretch))
    }
    let total = all.reduce(0) { $0 + $1.1 }
    taps = all.map { ($0, Float($1 / total)) }
  }

  func sum(_ value: (Int) -> Float) -> Float {
    taps.reduce(0) { $0 + $1.weight * value($1.place) }
  }

  private static func cubic(_ x: Double) -> Double {
    switch x {
    case ..<1: (1.5 * x - 2.5) * x * x + 1
    case ..<2: ((-0.5 * x + 2.5) * x - 4) * x + 2
    default: 0
    }
  }
}
