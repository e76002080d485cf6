#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#else
  internal import Darwin
#endif

/// Density of the standard normal distribution.
public func normalDensity(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

/// Share of the standard normal distribution below `x`.
public func normalShare(below x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

/// The point below which a share of the standard normal distribution lies, by bisection; the share is
/// brought within 1e-12 of 0 and 1.
public func normalQuantile(_ share: Double) -> Double {
  let share = min(max(share, 1e-12), 1 - 1e-12)
  var (low, high) = (-8.0, 8.0)
  while high - low > 1e-12 {
    let middle = (low + high) / 2
    if middle == low || middle == high { break }
    if normalShare(below: middle) < share { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
