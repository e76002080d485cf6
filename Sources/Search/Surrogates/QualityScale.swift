internal import Glibc
internal import Statistics

/// Qualities on a scale on which differences near the best count most, since a search asks who is better than
/// the best and not how bad the others are: `-log((best - y) / (best - median) + 0.1)`, brought to mean 0 and
/// standard deviation 1.
struct QualityScale {
  /// Values on the scale, in the order of the qualities.
  let values: [Double]
  private let best: Double
  private let spread: Double
  private let mean: Double
  private let deviation: Double
  private static let offset = 0.1

  /// - Parameter qualities: More is better; at least one.
  init(_ qualities: [Double]) {
    let best = qualities.max() ?? 0
    let spread = max(best - (median(qualities) ?? 0), 1e-9)
    let raw = qualities.map { -log((best - $0) / spread + Self.offset) }
    let mean = raw.reduce(0, +) / Double(max(raw.count, 1))
    let squares = raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = max((squares / Double(max(raw.count, 1))).squareRoot(), 1e-9)
    self.best = best
    self.spread = spread
    self.mean = mean
    self.deviation = deviation
    values = raw.map { ($0 - mean) / deviation }
  }

  /// The quality of a value.
  func quality(_ value: Double) -> Double {
    // A value far beyond all that were seen would be an infinite quality.
    best - spread * (exp(-(mean + deviation * min(max(value, -20), 20))) - Self.offset)
  }

  /// Mean and standard deviation as qualities; the latter is half of what lies between one standard deviation
  /// below and above.
  func quality(mean: Double, deviation: Double) -> (mean: Double, deviation: Double) {
    (
      quality(mean), (quality(mean + deviation) - quality(mean - deviation)) / 2
    )
  }
}
