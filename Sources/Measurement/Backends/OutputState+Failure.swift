internal import Kernels
internal import Tables
internal import Workloads

extension Kernel.OutputState {
  /// The largest error of the output of a ring's set, if it is complete and rounding explains the error.
  func error(ofSet set: Int, within tolerance: Tolerance) throws(Failure) -> Double {
    switch self {
    case .complete(let error) where error <= tolerance.share: return error
    case .complete(let error):
      throw Failure(
        .wrongOutput,
        "the output of set \(set) is off by a share of \(error), rounding explains "
          + "\(tolerance.share)")
    case .notFinite:
      throw Failure(
        .wrongOutput, "the output of set \(set) was not written, or is not finite")
    case .spilled:
      throw Failure(.wrongOutput, "something was written outside the output's elements")
    }
  }
}
