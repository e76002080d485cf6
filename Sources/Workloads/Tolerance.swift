/// How far a result may be from the reference: errors that rounding explains. A larger one is a wrong
/// answer.
public struct Tolerance: Hashable, Sendable {
  /// The largest error, as a share of the element's yardstick.
  public var share: Double
  /// What the yardstick takes of the element's value.
  var ofValue = 0.0
  /// What the yardstick takes of the sum of the absolute values of its terms.
  var ofMagnitude = 1.0
  /// What the yardstick has for every element, whatever its terms.
  var constant = 0.0

  /// What errors of an element are relative to.
  public func yardstick(_ element: Reference.Element) -> Double {
    ofValue * abs(element.value) + ofMagnitude * element.magnitude + constant
  }
}

extension Workload {
  /// The error to allow a kernel that keeps its sums in `accumulator` on the data of
  /// ``TestData/init(for:seed:)``. Moving numbers without computing has none.
  ///
  /// In `float32`: `u * (4 + 4 * sqrt(n))` of the magnitude for `n` summed terms. Errors of
  /// independent roundings grow with the square root (Higham, Accuracy and Stability of Numerical
  /// Algorithms, 2.8), and one wrong term among the few thousand of a convolution is about `1 / n`,
  /// far above it. The hundred thousands of a pooled plane would hide a missing one under that bound;
  /// but numbers of random sign sum to so little on the way that the roundings stay near `u` of the
  /// magnitude however many there are, so `8 * u` is allowed.
  ///
  /// In `float16` a share of the magnitude would hide wrong terms: `u` is 2^-11 and a term one of
  /// thousands. But the data make every sum exact, in either accumulator, so only the last rounding
  /// is allowed, in either direction: `2 * u` of the *value*. It is below the smallest wrong term,
  /// 1/16, wherever the result is below 64, which is most of them. Two cases allow more: the factor
  /// 1/n of a mean has a rounding of its own in `float16` (`4 * u`), and sums of a pooled plane are
  /// not exact in `float32` if the factor comes first (`8 * u` of `float32`, of the magnitude). So are
  /// those of a bilinear resize, whose shares are thirds and the like, in the accumulator's `8 * u`.
  ///
  /// Sigmoid and tanh do not magnify an error of their argument (their slopes are at most 1/4 and 1),
  /// and add one of their own, relative to 1. Both are `exp(-a)` and a quotient; Vulkan allows `exp`
  /// `3 + 2a` units in the last place in `float32`, `1 + 2a` in `float16`, and a division 2.5. As `exp`
  /// falls faster than its error grows, that is at most `4 * u` of the exponential, and with the
  /// quotient and the sums beside it below `12 * u` of the accumulator, which is allowed.
  public func tolerance(accumulating accumulator: ElementType) -> Tolerance {
    let terms: Int
    switch operation {
    case .pixelShuffle, .concat, .copy, .resize(.nearest, _, _): return Tolerance(share: 0)
    case .convolution: terms = macsPerResult + 2
    case .resize(.bilinear, _, _): terms = 4
    case .add, .channelScale, .globalAveragePool, .multiply: terms = 1
    }
    let u = elementType.unitRoundoff
    var result =
      elementType == .float32
      ? Tolerance(share: u * (4 + 4 * Double(terms).squareRoot()))
      : Tolerance(share: 2 * u, ofValue: 1, ofMagnitude: 0)
    switch operation {
    case .convolution(let it) where it.activation.isExponential:
      result.constant = 12 * accumulator.unitRoundoff / result.share
    case .globalAveragePool where elementType == .float16 && accumulator == .float16:
      result.share *= 2
    case .globalAveragePool where elementType == .float16, .resize where elementType == .float16:
      result.ofMagnitude = 8 * accumulator.unitRoundoff / result.share
    default: break
    }
    return result
  }

  /// The share of ``tolerance(accumulating:)`` for sums in the workload's own type.
  public var tolerance: Double { tolerance(accumulating: elementType).share }

  /// Terms of the result that has most of them, at most.
  var largestTermCount: Int {
    switch operation {
    case .convolution(let it): it.inputsPerGroup * it.kernel * it.kernel + 2
    case .globalAveragePool: height * width
    case .add: 2
    case .resize: 4
    case .pixelShuffle, .concat, .channelScale, .multiply, .copy: 1
    }
  }
}
