internal import FoundationEssentials
internal import Glibc

/// How much of the machine other processes use, from `/proc/stat` and this process's own time.
struct ProcessorLoad {
  /// Share of the processors' time that others may take before a reader is told.
  private static let tolerated = 0.1

  private struct Reading {
    /// Seconds that the processors worked for anyone, that they could have, and that they worked for this
    /// process.
    var busy: Double
    var total: Double
    var own: Double
  }

  private let start = Self.reading()

  /// Share of the time of all processors that others took since this value was made; `nil` where the
  /// system does not say.
  var ofOthers: Double? {
    guard let start, let now = Self.reading(), now.total > start.total else { return nil }
    let others = (now.busy - start.busy) - (now.own - start.own)
    return max(0, others / (now.total - start.total))
  }

  /// What a table's reader should know, in sentences.
  var remarks: [String] {
    guard let share = ofOthers, share > Self.tolerated else { return [] }
    return [
      "Other processes took \(Int((share * 100).rounded())) % of the processors' time meanwhile: "
        + "times are longer than on a quiet machine."
    ]
  }

  /// Reads the first line of `/proc/stat`: `cpu user nice system idle iowait irq softirq steal …` in ticks.
  private static func reading() -> Reading? {
    guard let file = try? Data(contentsOf: URL(filePath: "/proc/stat")),
      let line = String(decoding: file, as: UTF8.self).split(separator: "\n").first
    else { return nil }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    let tick = Double(sysconf(Int32(_SC_CLK_TCK)))
    guard ticks.count >= 8, tick > 0 else { return nil }
    let total = ticks.prefix(8).reduce(0, +)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Reading(
      busy: (total - ticks[3] - ticks[4]) / tick, total: total / tick,
      own: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }
}
