public import Tables
internal import Workloads

extension LatencyTable {
  /// What a README has room for: the device, how far the table can be trusted, and a line for each operator.
  public var markdownSummary: String {
    let measured = rows.compactMap(\.measurement)
    let stable = measured.count { $0.latency.stable }
    var lines = [
      "**\(device.nameAndKind.escapedForMarkdown)**, profile \(profile.codeForMarkdown), \(measured.count) of "
        + "\(rows.count) rows measured, \(stable) with intervals as narrow as asked, fingerprint "
        + fingerprint.codeForMarkdown, "",
      "| operator | rows | shortest | longest | best GFLOP/s | best share of ceiling |",
      "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for family in Pictures.families(rows) {
      let times = family.rows.map(\.1.latency.undisturbedNanoseconds)
      let rate = family.rows.map(\.1.efficiency.gigaflopsPerSecond).max() ?? 0
      let share = family.rows.compactMap(\.1.efficiency.ofCeiling).max()
      lines.append(
        "| \(family.name.escapedForMarkdown) | \(times.count) | \(Format.duration(nanoseconds: times.min() ?? 0)) | "
          + "\(Format.duration(nanoseconds: times.max() ?? 0)) | "
          + "\(rate > 0 ? Format.significant(rate) : "") | "
          + "\(share.map { Format.percent($0) } ?? "") |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
