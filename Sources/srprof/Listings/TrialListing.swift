internal import Execution
internal import Networks
internal import Prediction
internal import Report

/// Networks that were predicted and executed, as text.
extension NetworkTrials {
  /// Throws what ended the rounds early, or that some networks could not be run.
  func requireAll() throws(CommandFailure) {
    if let end { throw CommandFailure(end) }
    guard failures.isEmpty else {
      throw CommandFailure(
        .someRowsFailed,
        "\(failures.count) of \(failures.count + results.count) networks could not be run")
    }
  }

  /// A line for each network.
  var text: TerminalText {
    var table = TextTable([
      ("network", .left), ("measured", .right), ("+-", .right), ("predicted", .right),
      ("error", .right), ("not exact", .right),
    ])
    for result in results {
      table.add([
        result.network.name,
        Format.duration(nanoseconds: result.frame.undisturbedNanoseconds),
        Format.percent(result.frame.relativeHalfWidth) + (result.frame.atSpeed ? "" : "*"),
        Format.duration(nanoseconds: result.predicted), Format.signedPercent(result.error),
        Format.percent(1 - result.prediction.share(.exact)),
      ])
    }
    return table.text
      + failures.map { "\($0.name): not run: \($0.reason)\n" }.joined()
  }

  /// The errors of all, in a few lines.
  var summary: TerminalText {
    let undisturbed = results.filter(\.frame.atSpeed)
    let apart: TerminalText =
      undisturbed.isEmpty || undisturbed.count == results.count
      ? ""
      : "\(undisturbed.count) of them timed undisturbed (without *): "
        + "\(Self.errors(of: undisturbed).summary)\n"
    let speed: TerminalText =
      relativeSpeed != 1
      ? "the device is at \(Format.percent(relativeSpeed)) of the speed it had for the table, and "
        + "predictions are divided by that\n" : ""
    return speed
      + "\(results.count) networks: \(Self.errors(of: results).summary)\n" + apart
  }
}

extension PredictionErrors {
  /// The errors in a line.
  var summary: String {
    "median error \(Format.percent(median)), \(Format.percent(within(0.05))) within 5 %, "
      + "\(Format.percent(within(0.1))) within 10 %, worst \(Format.percent(worst)), "
      + "bias \(Format.signedPercent(bias))"
  }
}
