public import Networks
public import Prediction
public import Tables

/// WDSR networks on the maps of a table, to calibrate it with.
public struct CalibrationNetworks {
  /// Networks of which the table has every row.
  public let networks: [LoweredNetwork]

  /// At most so many are executed.
  private static let most = 6

  /// - Parameter table: A table that need not be calibrated.
  public init(_ table: LatencyTable, _ predictor: LatencyPredictor) {
    var found: [LoweredNetwork] = []
    for size in table.imageSizes.map(\.size) {
      for description in Self.descriptions(input: size) {
        guard let graph = try? NetworkDescription(parsing: description).graph(),
          let network = try? LoweredNetwork(graph),
          (try? NetworkPrediction(network, predictor: predictor, exactOnly: true)) != nil
        else { continue }
        found.append(network)
      }
    }
    // Spread over maps, widths and depths.
    let step = max(1, (found.count + Self.most - 1) / Self.most)
    networks = stride(from: 0, to: found.count, by: step).map { found[$0] }
  }

  private static func descriptions(input: ImageSize) -> [String] {
    [16, 24, 32].flatMap { channels in
      [2, 3, 4].flatMap { scale in
        ["wdsr-a:blocks=2", "wdsr-b:blocks=2", "wdsr-b:blocks=6", "wdsr-a:blocks=5"].map {
          "\($0),channels=\(channels),scale=\(scale),input=\(input)"
        }
      }
    }
  }
}
