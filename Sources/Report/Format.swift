/// Numbers as people read them.
public enum Format {
  /// Three significant digits with a unit that fits: `412 ns`, `3.07 ms`.
  public static func duration(nanoseconds: Double) -> String {
    switch abs(nanoseconds) {
    case ..<999.5: "\(significant(nanoseconds)) ns"
    case ..<999.5e3: "\(significant(nanoseconds / 1e3)) us"
    case ..<999.5e6: "\(significant(nanoseconds / 1e6)) ms"
    default: "\(significant(nanoseconds / 1e9)) s"
    }
  }

  /// `48 s`, `3:07 min`, `2:15 h`.
  public static func time(seconds: Double) -> String {
    guard seconds.isFinite, seconds < 360_000 else { return "days" }
    let whole = Int(seconds.rounded(.up))
    switch whole {
    case ..<100: return "\(whole) s"
    case ..<3600: return "\(whole / 60):\(twoDigits(whole % 60)) min"
    default: return "\(whole / 3600):\(twoDigits(whole / 60 % 60)) h"
    }
  }

  /// A share in per cent with one decimal below ten: `1.8 %`, `23 %`.
  public static func percent(_ share: Double) -> String {
    let percent = share * 100
    return abs(percent) < 9.95 ? "\(decimals(percent, 1)) %" : "\(decimals(percent, 0)) %"
  }

  /// The half width of an interval as a share of its figure: `1.2 %`, or `?` where it is wider than the figure,
  /// which then says nothing.
  public static func halfWidth(_ share: Double) -> String {
    share <= 1 ? percent(share) : "?"
  }

  /// A share as per cent with its sign: `+1.2 %`.
  public static func signedPercent(_ share: Double) -> String {
    (share < 0 ? "-" : "+") + percent(abs(share))
  }

  /// Bytes in binary units: `64 KiB`, `1.5 GiB`.
  public static func bytes(_ count: UInt64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return "\(value == value.rounded() ? decimals(value, 0) : decimals(value, 1)) \(units[unit])"
  }

  /// Three significant digits: `0.0123`, `4.56`, `123`.
  public static func significant(_ value: Double) -> String {
    switch abs(value) {
    case ..<0.00005: "0"
    case ..<0.0995: decimals(value, 4)
    case ..<0.9995: decimals(value, 3)
    case ..<9.995: decimals(value, 2)
    case ..<99.95: decimals(value, 1)
    default: decimals(value, 0)
    }
  }

  /// A count as it is; what is not whole with three significant digits.
  public static func count(_ value: Double) -> String {
    value == value.rounded() ? decimals(value, 0) : significant(value)
  }

  /// A large count to four significant digits with a decimal unit: `896`, `299.6 K`, `68.13 G`.
  public static func metric(_ count: Int) -> String {
    var value = Double(count)
    var unit = ""
    for next in ["K", "M", "G", "T", "P"] where abs(value) >= 999.95 {
      (value, unit) = (value / 1000, " " + next)
    }
    if unit.isEmpty { return "\(count)" }
    let places = abs(value) < 9.9995 ? 3 : abs(value) < 99.995 ? 2 : 1
    return decimals(value, places) + unit
  }

  /// A number with a fixed count of decimals.
  public static func decimals(_ value: Double, _ count: Int) -> String {
    let scale = [1.0, 10, 100, 1000, 10_000][min(count, 4)]
    guard abs(value) < 1e15 else { return "\(value)" }
    let scaled = Int((abs(value) * scale).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard count > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: count - fraction.count)
    return "\(sign)\(scaled / Int(scale)).\(zeros)\(fraction)"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
