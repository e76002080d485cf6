internal import Tables
internal import Workloads
internal import XNNPACK

/// How XNNPACK executes a workload: by a graph of its operators, or by its sparse convolution.
struct HostSchedule: Hashable {
  /// Maps are `[height, width, channels]`, or `[channels, height, width]` for the sparse one.
  private enum Way: Hashable {
    case graph, sparse
  }

  private let way: Way
  /// The layout and the operators, as in `nhwc/convolution_2d+add2`: more than one where XNNPACK does not
  /// fuse them.
  let name: String

  /// The graph, with zeros for what is pruned.
  static func dense(_ workload: Workload) throws(Failure) -> HostSchedule {
    let operators = try HostOperators(workload).stages.map(\.name)
    return HostSchedule(way: .graph, name: "nhwc/" + operators.joined(separator: "+"))
  }

  /// The layout of the way that leaves pruned weights out.
  static let skippingLayout = "nchw"

  private static let sparse = HostSchedule(
    way: .sparse, name: "\(skippingLayout)/sparse_convolution2d")

  /// The ways to execute a workload; throws why there is none.
  static func all(
    for workload: Workload, ignoringSparsity: Bool
  ) throws(Failure) -> [HostSchedule] {
    guard workload.elementType == .float32 else {
      throw Failure(
        .unsupported,
        "XNNPACK's graphs take float16 by converting from and to float32 at their edges, which would be "
          + "timed too")
    }
    guard case .convolution(let it) = workload.operation, it.sparsity != nil else {
      return [try dense(workload)]
    }
    let isSkippable =
      it.kernel == 1 && it.stride == 1 && it.shuffle == 1 && it.passing == 0
      && it.residual == .none && it.activation != .prelu && !it.activation.isExponential
    let list = (isSkippable ? [sparse] : []) + (ignoringSparsity ? [try dense(workload)] : [])
    if list.isEmpty {
      throw Failure(
        .unsupported,
        "XNNPACK skips zeros in 1x1 convolutions of stride 1 without PReLU, sigmoid, tanh, residual and "
          + "pixel shuffle only; --ignore-sparsity runs others dense, with zeros")
    }
    return list
  }

  /// Lays out operands and makes the operators.
  func execution(
    of workload: Workload, library: Library, threads: ThreadPool
  ) throws(Failure) -> HostExecution {
    let graph = way == .graph ? try HostOperators(workload) : nil
    do throws(XNNPACKError) {
      if let graph { return try graph.execution(library, threads) }
      return try HostExecution(sparse: workload, library, threads)
    } catch {
      throw Failure(error)
    }
  }
}
