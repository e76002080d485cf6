internal import Statistics

/// An ensemble of small networks, whose mean predicts and whose spread says how sure that is (White et al.,
/// BANANAS, AAAI 2021): mean of all, and the standard deviation of a sample.
struct NeuralEnsemble {
  private let members: [Perceptron]
  private let features: [Feature: Int]

  /// A choice and what was chosen: one input, 1 or 0.
  private struct Feature: Hashable {
    let place: Int
    let choice: UInt8
  }

  /// Trains five networks, each from its own start.
  init(_ points: [Point], _ values: [Double], using generator: inout SplitMix64) {
    var features: [Feature: Int] = [:]
    for point in points {
      for (place, choice) in point.choices.enumerated() {
        let feature = Feature(place: place, choice: choice)
        features[feature] = features[feature, default: features.count]
      }
    }
    self.features = features
    let inputs = points.map { Self.inputs($0, features) }
    members = (0..<5).map { _ in
      var member = Perceptron([features.count, 32, 32, 1], using: &generator)
      member.fit(inputs, values.map(Float.init), using: &generator)
      return member
    }
  }

  func prediction(_ point: Point) -> (mean: Double, deviation: Double) {
    let inputs = Self.inputs(point, features)
    let values = members.map { Double($0.output(inputs)) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }

  /// Places of the inputs that are 1. What no network has seen is none of them.
  private static func inputs(_ point: Point, _ features: [Feature: Int]) -> [Int] {
    point.choices.enumerated().compactMap {
      features[Feature(place: $0.offset, choice: $0.element)]
    }
  }
}
