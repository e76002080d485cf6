internal import Execution
internal import Measurement
internal import Report
internal import Tables
internal import Workloads

/// Shows a campaign on standard error: one line drawn over on a terminal; elsewhere a line for each finished
/// row, and one when nothing was said for some seconds; nothing when quiet.
final class ProgressView {
  private let quiet: Bool
  private let drawsOver: Bool
  private var lineIsDrawn = false
  private var lastLine = ContinuousClock.now

  /// The longest silence where lines are not drawn over.
  private static let longestSilence = Duration.seconds(5)

  init(quiet: Bool) {
    self.quiet = quiet
    drawsOver = Terminal.errorIsTerminal
  }

  /// Shows what happened.
  func show(_ event: CampaignEvent) {
    guard !quiet else { return }
    switch event {
    case .resumed(let done, let begun, let total):
      if done + begun > 0 {
        let samples = begun > 0 ? " and the samples of \(begun) more" : ""
        print("kept \(done) of \(total) rows\(samples) from the store (--fresh starts over)")
      }
      if done < total { status("warming up") }
    case .listened(let forecast): print(forecast.line)
    case .tuning(let workload, let looked, let of, let best, let progress):
      status(line(workload.name, looked: looked, of: of, best: best, progress))
    case .sampled(let workload, let latency, let progress):
      status(line(workload.name, latency, progress))
    case .finished(let row, let progress):
      switch row.result {
      case .measured(let measurement):
        let text = line(row.workload.name, measurement.latency, progress)
        drawsOver ? status(text) : print(text)
      case .failed(let failure):
        print("\(row.workload.name): failed, \(failure.kind.rawValue): \(failure.reason)")
      }
    case .reopened(let count):
      print(
        "measuring again what was measured before the device became faster: \(count) of all rows")
    case .prolonged(let count):
      print("measuring on, in the time that other rows left: \(count) rows whose samples scatter")
    case .rescheduled(let count):
      print(
        "measuring again what has another schedule after races of similar rows: \(count) of all rows"
      )
    case .compiling(let seconds):
      status("the driver compiles a kernel, \(Format.time(seconds: seconds))")
    case .reconnecting(let reason): print("note: \(reason); trying again for a minute")
    case .cooling(let status):
      print("note: the device is too hot (thermal status \(status)); waiting until it is not")
    case .warning(let text): print("note: \(text)")
    }
  }

  /// Shows what happens in an adaptive campaign.
  func show(_ event: AdaptiveCampaign.Event) {
    switch event {
    case .batch(let done, let rows, let all, let error):
      let known = error.map { ", predictions are off by \(Format.percent($0)) in the mean" } ?? ""
      print("\(done) of \(all) rows done\(known); measuring \(rows) more")
    case .campaign(.resumed): break
    case .campaign(let event): show(event)
    }
  }

  /// Shows what happens in a session.
  func show(_ event: NetworkSession.Event) {
    switch event {
    case .wallClock(let reason): print("note: times are those of the wall clock: \(reason)")
    case .racing(let layers):
      print("racing schedules of \(layers) layers that no table or race has")
    case .race(let event): show(event)
    case .raced: finish()
    case .checking(let step, let count): status("checking layer \(step + 1) of \(count)")
    }
  }

  /// A line that stays.
  func print(_ line: String) {
    guard !quiet else { return }
    finish()
    Terminal.note(line)
    lastLine = .now
  }

  /// A line that is drawn over, on a terminal; elsewhere a line, unless there was one just before.
  func status(_ line: @autoclosure () -> String) {
    if quiet { return }
    if drawsOver {
      Terminal.draw(line())
      lineIsDrawn = true
    } else if ContinuousClock.now - lastLine >= Self.longestSilence {
      print(line())
    }
  }

  /// Takes the drawn line away.
  func finish() {
    if lineIsDrawn { Terminal.erase() }
    lineIsDrawn = false
  }

  private func line(_ name: String, _ latency: Latency?, _ progress: Progress) -> String {
    var parts = ["\(progress.done)/\(progress.total)"]
    if let latency {
      parts.append(
        "\(Format.duration(nanoseconds: latency.undisturbedNanoseconds)) "
          + "+-\(Format.halfWidth(latency.relativeHalfWidth)), "
          + "median \(Format.duration(nanoseconds: latency.medianNanoseconds))")
    }
    if progress.done < progress.total {
      parts.append("\(Format.time(seconds: max(progress.secondsLeft, 1))) left")
    }
    parts.append(name)
    return (drawsOver ? Self.bar(progress.share) + " " : "") + parts.joined(separator: "  ")
  }

  private func line(
    _ name: String, looked: Int, of: Int, best: Race.Candidate?, _ progress: Progress
  ) -> String {
    var parts = ["\(progress.done)/\(progress.total)", "tuning \(looked)/\(of)"]
    if let best, let nanoseconds = best.nanoseconds {
      parts.append("\(Format.duration(nanoseconds: nanoseconds)) by \(best.schedule)")
    }
    parts.append("\(Format.time(seconds: max(progress.secondsLeft, 1))) left")
    parts.append(name)
    return (drawsOver ? Self.bar(progress.share) + " " : "") + parts.joined(separator: "  ")
  }

  private static func bar(_ share: Double) -> String {
    let cells = 20
    let full = Int(Double(cells) * min(max(share, 0), 1))
    return "[\(String(repeating: "=", count: full))\(String(repeating: " ", count: cells - full))]"
  }
}

extension Forecast {
  /// The line for someone who waits for a table.
  fileprivate var line: String {
    let excess = Format.percent(quietness.medianExcess)
    let state =
      quietness.medianExcess <= Quietness.quiet
      ? "the device is quiet: half of all chains take no more than \(excess) longer than an undisturbed one"
      : "the device is disturbed: half of all chains take over \(excess) longer than an undisturbed one"
    func interval(_ half: Double, _ seconds: Double) -> String {
      "+-\(Format.halfWidth(half)) in \(Format.time(seconds: seconds))"
    }
    return "\(state); expect intervals of about \(interval(halfWidth, seconds))"
      + (halfWidth > longerHalfWidth * 1.2
        ? ", \(interval(longerHalfWidth, longerSeconds)) with --row-seconds "
          + Format.decimals(longerRowSeconds, longerRowSeconds < 10 ? 1 : 0) : "")
  }
}
