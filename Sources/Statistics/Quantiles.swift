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

/// The middle value, or the mean of the two in the middle; `nil` without values.
public func median(_ values: some Sequence<Double>) -> Double? {
  quantile(0.5, ofSorted: values.sorted())
}

/// The smallest of the values that a share `q` of the next ones do not pass, or the largest if there are too
/// few to say so (split conformal prediction); `nil` without values.
///
/// Source: Papadopoulos, Proedrou, Vovk and Gammerman, Inductive Confidence Machines for Regression (2002).
public func conformalQuantile(_ q: Double, _ values: some Sequence<Double>) -> Double? {
  let sorted = values.sorted()
  let rank = Int((q * Double(sorted.count + 1)).rounded(.up)) - 1
  return sorted.isEmpty ? nil : sorted[min(max(rank, 0), sorted.count - 1)]
}
