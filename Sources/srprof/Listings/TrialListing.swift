internal import Execution
internal import Measurement
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
        Format.halfWidth(result.frame.relativeHalfWidth)
          + (result.frame.isUndisturbed ? "" : "*"),
        Format.duration(nanoseconds: result.predicted), Format.signedPercent(result.error),
        Format.percent(1 - result.prediction.measuredShare),
      ])
    }
    return table.text
      + failures.map { "\($0.name): not run: \($0.reason)\n" }.joined()
  }

  /// The errors of all, in a few lines.
  var summary: TerminalText {
    let undisturbed = results.filter(\.frame.isUndisturbed)
    let apart: TerminalText =
      undisturbed.isEmpty || undisturbed.count == results.count
      ? ""
      : "\(undisturbed.count) of them timed undisturbed (without *: at full speed, \(VisitAgreement.fewest) visits or "
        + "more within \(Format.percent(VisitAgreement.tolerance)) of the figure): "
        + "\(Self.errors(of: undisturbed).summary)\n"
    let speed: TerminalText =
      relativeSpeed.sentence.map { "\($0), and predictions go by that\n" } ?? ""
    return speed
      + "\(results.count) networks: \(Self.errors(of: results).summary)\n" + apart
      + (parts?.summary ?? "")
  }
}

extension RelativeSpeed {
  /// How fast the device is now; `nil` for as fast as it was.
  var sentence: String? {
    guard self != .unchanged else { return nil }
    if arithmetic == memory {
      return "the device is at \(Format.percent(arithmetic)) of the speed it had for the table"
    }
    return
      "arithmetic is at \(Format.percent(arithmetic)) and memory at \(Format.percent(memory)) of the speed "
      + "they had for the table"
  }
}

extension ErrorParts {
  /// A line for each part.
  fileprivate var summary: TerminalText {
    func line(_ name: String, _ what: String, _ errors: PredictionErrors) -> TerminalText {
      errors.errors.isEmpty ? "" : "\(name): \(what): \(errors.summary)\n"
    }
    let left: TerminalText =
      incomplete > 0 ? "\(incomplete) networks have rows that could not be measured again\n" : ""
    return
      "drift: rows take \(Format.percent(abs(drift))) \(drift < 0 ? "less" : "longer") now than in the table\n"
      + line("additivity", "sums of rows measured now against frames", additivity)
      + line("rows", "\(rows.errors.count) of the table against now, drift taken out", rows)
      + line(
        "interpolation",
        "\(interpolation.errors.count) rows that the table lacks against now, drift taken out",
        interpolation) + left
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
