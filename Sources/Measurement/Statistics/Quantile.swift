/// The `q` quantile (0...1) of sorted values, linear between neighbours; `nil` if there are none.
///
/// Source: Hyndman and Fan, Sample quantiles in statistical packages (1996), definition 7.
public func quantile(_ q: Double, ofSorted values: some RandomAccessCollection<Double>) -> Double? {
  guard !values.isEmpty else { return nil }
  let position = min(max(q, 0), 1) * Double(values.count - 1)
  let below = Int(position)
  let share = position - Double(below)
  func value(_ offset: Int) -> Double { values[values.index(values.startIndex, offsetBy: offset)] }
  return share == 0 ? value(below) : value(below) * (1 - share) + value(below + 1) * share
}
