internal import ArgumentParser
internal import Prediction
internal import Search

/// The latency that a network is to meet, and how surely.
struct TargetOptions: ParsableArguments {
  @Option(name: .customLong("target-ms"), help: "The latency to meet, in milliseconds.")
  var milliseconds: Double

  @Option(
    help: """
      The upper end of the prediction's interval of this confidence, such as 95%, is to meet the latency (default: the \
      prediction itself).
      """)
  var confidence: Confidence?

  /// The latency to meet.
  var nanoseconds: Double { milliseconds * 1e6 }

  /// The latency to meet, and what is compared with it.
  var limit: LatencyLimit {
    LatencyLimit(nanoseconds: nanoseconds, confidence: confidence?.share)
  }

  func validate() throws {
    guard milliseconds > 0, milliseconds.isFinite else {
      throw ValidationError("--target-ms is above 0.")
    }
  }
}

/// A confidence as a user writes it: 95% or 0.95.
struct Confidence: ExpressibleByArgument {
  /// From 0.5 to less than 1.
  let share: Double

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else {
      return nil
    }
    share = isPercent ? number / 100 : number
    guard 0.5 <= share, share < 1 else { return nil }
  }
}
