internal import ArgumentParser
internal import Prediction
internal import Report

/// The latency that a network is to meet, and how surely.
struct TargetOptions: ParsableArguments {
  @Option(name: .customLong("target-ms"), help: "The latency to meet, in milliseconds.")
  var milliseconds: Double

  @Option(
    help: """
      How sure it is to be that the latency is met, such as 95% (default: as likely as not, the prediction itself).
      """)
  var confidence: Confidence?

  /// The latency to meet.
  var nanoseconds: Double { milliseconds * 1e6 }

  /// The latency of a network that is held against the one to meet.
  func nanoseconds(of prediction: NetworkPrediction) -> Double {
    prediction.nanoseconds(metWith: confidence?.probability)
  }

  func validate() throws {
    guard milliseconds > 0, milliseconds.isFinite else {
      throw ValidationError("--target-ms is above 0.")
    }
  }
}

/// A probability as a user writes it: 95% or 0.95.
struct Confidence: ExpressibleByArgument {
  /// From 0.5 to less than 1.
  let probability: Double

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else {
      return nil
    }
    probability = isPercent ? number / 100 : number
    guard 0.5 <= probability, probability < 1 else { return nil }
  }
}
