internal import Tables
internal import Workloads

/// What a table is true for, and how far it can be trusted.
enum Header {
  static func section(_ table: LatencyTable, number: Int?) -> HTML {
    let title = number.map { "Table \($0): \(table.profile)" } ?? "Profile \(table.profile)"
    let list = facts(table).map { name, value in
      HTML.element("dt", name) + HTML.element("dd", value)
    }.joined()
    let notes = table.warnings.map { HTML.element("li", $0) }.joined()
    return HTML.element(
      "section",
      HTML.element("h2", title) + HTML.element("dl", list)
        + (table.warnings.isEmpty ? HTML() : HTML.element("ul", class: "note", notes)))
  }

  private static func facts(_ table: LatencyTable) -> [(String, String)] {
    let measured = table.rows.compactMap(\.measurement)
    let stable = measured.count { $0.latency.stable }
    let ceilings = table.ceilings
    func rate(_ value: Double?, _ unit: String) -> String? {
      value.map { "\(Format.significant($0)) \(unit)" }
    }
    let rates = [
      rate(ceilings.fp32GigaflopsPerSecond, "GFLOP/s in 32 bits"),
      rate(ceilings.fp16GigaflopsPerSecond, "GFLOP/s in 16 bits"),
      rate(ceilings.copyGigabytesPerSecond, "GB/s copied"),
      ceilings.emptyDispatchNanoseconds.map {
        "\(Format.duration(nanoseconds: $0)) an empty dispatch"
      },
      ceilings.submissionNanoseconds.map { "\(Format.duration(nanoseconds: $0)) a submission" },
    ].compactMap { $0 }
    return [
      ("Device", table.device.nameAndKind),
      ("Driver", "\(table.device.driver.name) \(table.device.driver.info)"),
      ("Host", "\(table.device.host.processor), \(table.device.host.operatingSystem)"),
      ("Fingerprint", table.fingerprint),
      (
        "Rows",
        "\(measured.count) measured, \(table.rows.count - measured.count) failed"
          + (table.shard.map { "; shard \($0) of the profile" } ?? "")
          + (table.complete ? "" : "; the profile is not complete")
      ),
      (
        "Trust",
        "\(stable) of \(measured.count) intervals as narrow as asked; median interval +-"
          + Format.percent(medianHalfWidth(measured))
      ),
      (
        "Steadiness",
        "the median of arithmetic's reference kernel is "
          + "\(Format.significant(table.speed.arithmetic.medianOverUndisturbed)) times its best"
          + (table.speed.memory.map {
            ", that of memory's \(Format.significant($0.medianOverUndisturbed)) times"
          } ?? "")
          + "; \(Format.percent(table.speed.discardedShare)) of the samples did not count"
      ),
      ("Ceilings", rates.isEmpty ? "not measured" : rates.joined(separator: ", ")),
      (
        "Method",
        "\(table.method.clockAndReason), \(table.method.temperature.rawValue), ring of "
          + "\(table.method.ringSize), \(table.method.activationLayout)"
      ),
    ]
  }

  private static func medianHalfWidth(_ rows: [Measurement]) -> Double {
    let widths = rows.map(\.latency.relativeHalfWidth).sorted()
    return widths.isEmpty ? 0 : widths[widths.count / 2]
  }
}
