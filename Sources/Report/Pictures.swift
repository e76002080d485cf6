internal import Tables
internal import Workloads

/// What a page shows of tables, as scripts for gnuplot.
enum Pictures {
  /// Colours that read well on light and on dark pages.
  static let colours = [
    "#3f7fbf", "#d97a2b", "#3f9e5a", "#b55a9c", "#8a7a2e", "#c04848", "#4a9fa8",
  ]

  /// The operators of measured rows, in order, each with its rows.
  static func families(_ rows: [Row]) -> [(name: String, rows: [(Row, Measurement)])] {
    var order: [String] = []
    var members: [String: [(Row, Measurement)]] = [:]
    for row in rows {
      guard let measurement = row.measurement, let name = row.workload.words.first else { continue }
      if members[name] == nil { order.append(name) }
      members[name, default: []].append((row, measurement))
    }
    return order.map { ($0, members[$0] ?? []) }
  }

  /// Latency over channels and map size, one picture for each operator that was measured in enough sizes; of
  /// rows that differ only in what is fused, the first.
  static func heatMaps(_ table: LatencyTable) -> [Gnuplot.Script] {
    families(table.rows).enumerated().compactMap { index, family in
      heatMap(family.name, family.rows, index)
    }
  }

  private static func heatMap(
    _ name: String, _ rows: [(Row, Measurement)], _ index: Int
  ) -> Gnuplot.Script? {
    var columns: [String] = []
    var maps: [(area: Int, label: String)] = []
    var cells: [String: Double] = [:]
    for (row, measurement) in rows where !row.workload.isPruned {
      let words = row.workload.words
      let (channels, map) = (words[1], words[2])
      if !columns.contains(channels) { columns.append(channels) }
      if !maps.contains(where: { $0.label == map }) {
        maps.append((row.workload.height * row.workload.width, map))
      }
      let key = "\(channels) \(map)"
      if cells[key] == nil { cells[key] = measurement.latency.undisturbedNanoseconds / 1e6 }
    }
    guard cells.count >= 4, columns.count >= 2 else { return nil }
    maps.sort { $0.area < $1.area }
    // More do not fit a line of labels.
    let shown = columns.prefix(24)
    var script = Gnuplot.Script(
      name: "heat\(index)", width: 760, height: 150 + 44 * maps.count)
    func ticks(_ labels: some Sequence<String>) -> String {
      labels.enumerated().map { "\(Gnuplot.quoted($1)) \($0)" }.joined(separator: ", ")
    }
    let data = maps.enumerated().flatMap { y, map in
      shown.enumerated().compactMap { x, channels in
        cells["\(channels) \(map.label)"].map { "\(x) \(y) \($0)" }
      }
    }
    script.lines = [
      "unset key", "set border 0", "set logscale cb", "set cblabel \"ms\"",
      "set palette defined (0 '#33418f', 0.5 '#1f7a6c', 1 '#b4472c')",
      "set xrange [-0.5:\(Double(shown.count) - 0.5)]",
      "set yrange [-0.5:\(Double(maps.count) - 0.5)]",
      "set xtics (\(ticks(shown))) rotate by -40 scale 0",
      "set ytics (\(ticks(maps.map(\.label)))) scale 0", "set title \(Gnuplot.quoted(name))",
      "$cells << EOD", data.joined(separator: "\n"), "EOD",
      "plot $cells using 1:2:(0.48):(0.46):3 with boxxyerror fillstyle solid noborder "
        + "fillcolor palette title \"latency\", $cells using 1:2:(sprintf(\"%.3g\", $3)) with labels "
        + "textcolor rgb \"white\" font \",10\" title \"figures\"",
    ]
    return script
  }

  /// Rates over multiply-adds for each byte, under the device's ceilings; `nil` without convolutions.
  static func roofline(_ table: LatencyTable) -> Gnuplot.Script? {
    let families = families(table.rows).filter { $0.rows.contains { $0.1.efficiency.macs > 0 } }
    guard !families.isEmpty else { return nil }
    var script = Gnuplot.Script(name: "roof", width: 760, height: 420)
    script.lines = [
      "set logscale xy", "set grid", "set key outside right top",
      "set xlabel \"floating-point operations for each byte\"", "set ylabel \"GFLOP/s\"",
    ]
    var plots: [String] = []
    for (index, family) in families.enumerated() {
      script.lines.append("$family\(index) << EOD")
      script.lines += family.rows.compactMap { _, it in
        guard it.efficiency.macs > 0, it.efficiency.bytes > 0 else { return nil }
        let intensity = 2 * Double(it.efficiency.macs) / Double(it.efficiency.bytes)
        return "\(intensity) \(it.efficiency.gigaflopsPerSecond)"
      }
      script.lines.append("EOD")
      plots.append(
        "$family\(index) using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb "
          + "\"\(colours[index % colours.count])\" title \(Gnuplot.quoted(family.name))")
    }
    if let peak = table.ceilings.fp32GigaflopsPerSecond,
      let copy = table.ceilings.copyGigabytesPerSecond
    {
      plots.append(
        "(x * \(copy) < \(peak) ? x * \(copy) : \(peak)) with lines linewidth 2 linecolor rgb "
          + "\"#888888\" title \"ceiling\"")
    }
    script.lines.append("plot " + plots.joined(separator: ", "))
    return script
  }

  /// Latency over the kept ratio, one picture for each convolution that was pruned, one line for each scheme.
  static func pruning(_ table: LatencyTable) -> [Gnuplot.Script] {
    var order: [Workload] = []
    var pruned: [Workload: [(scheme: String, kept: Double, milliseconds: Double)]] = [:]
    var dense: [Workload: Double] = [:]
    for row in table.rows {
      guard let time = row.measurement?.latency.undisturbedNanoseconds else { continue }
      guard case .convolution(let it) = row.workload.operation, let sparsity = it.sparsity else {
        dense[row.workload] = time / 1e6
        continue
      }
      let base = row.workload.dense
      if pruned[base] == nil { order.append(base) }
      let scheme = sparsity.words.first?.prefix { $0 != ":" } ?? ""
      pruned[base, default: []].append(
        (String(scheme), it.keptShare, time / 1e6))
    }
    return order.prefix(12).enumerated().map { index, base in
      picture(index, base, pruned[base] ?? [], dense: dense[base])
    }
  }

  private static func picture(
    _ index: Int, _ base: Workload,
    _ points: [(scheme: String, kept: Double, milliseconds: Double)], dense: Double?
  ) -> Gnuplot.Script {
    var script = Gnuplot.Script(name: "pruned\(index)", width: 560, height: 340)
    script.lines = [
      "set title \(Gnuplot.quoted(base.name))", "set grid", "set key outside right top",
      "set xlabel \"share of weights that is kept\"", "set ylabel \"ms\"", "set xrange [0:1.02]",
      "set yrange [0:*]",
    ]
    var plots: [String] = []
    let schemes = Dictionary(grouping: points, by: \.scheme).sorted { $0.key < $1.key }
    for (place, (scheme, members)) in schemes.enumerated() {
      script.lines.append("$scheme\(place) << EOD")
      script.lines += members.sorted { $0.kept < $1.kept }.map { "\($0.kept) \($0.milliseconds)" }
      script.lines.append("EOD")
      plots.append(
        "$scheme\(place) using 1:2 with linespoints pointtype 7 pointsize 0.8 linecolor rgb "
          + "\"\(colours[place % colours.count])\" title \(Gnuplot.quoted(scheme))")
    }
    if let dense {
      plots.append("\(dense) with lines linecolor rgb \"#888888\" dashtype 2 title \"dense\"")
    }
    script.lines.append("plot " + plots.joined(separator: ", "))
    return script
  }

  /// How many times as fast the first table's device is, operator by operator.
  static func bars(_ comparison: Comparison) -> Gnuplot.Script? {
    let families = comparison.families
    guard !families.isEmpty else { return nil }
    var script = Gnuplot.Script(
      name: "bars", width: 760, height: 110 + 26 * families.count)
    let ratios = families.map(\.ratio) + [1]
    let ticks = families.enumerated().map { "\(Gnuplot.quoted($1.name)) \($0)" }
    script.lines = [
      "unset key", "set logscale x", "set grid x",
      "set xlabel \"times of the second over those of the first (geometric mean)\"",
      "set yrange [\(Double(families.count) - 0.4):-0.6]",
      // Room for the figures behind the longest bar.
      "set xrange [\((ratios.min() ?? 1) / 1.2):\((ratios.max() ?? 1) * 2)]",
      "set ytics (\(ticks.joined(separator: ", "))) scale 0", "$ratios << EOD",
      families.enumerated().map { "\($0) \($1.ratio)" }.joined(separator: "\n"), "EOD",
      "set arrow 1 from 1,graph 0 to 1,graph 1 nohead linecolor rgb \"#888888\" linewidth 2",
      "plot $ratios using (($2 > 1 ? $2 : 1)):1:(1 < $2 ? 1 : $2):(1 < $2 ? $2 : 1):"
        + "($1 - 0.35):($1 + 0.35) with boxxyerror fillstyle solid 0.85 noborder linecolor rgb "
        + "\"\(colours[0])\" title \"ratios\", $ratios using "
        + "($2 > 1 ? $2 : 1):1:(sprintf(\" %.3g\", $2)) with labels left title \"figures\"",
    ]
    return script
  }
}
