public import Tables

/// A kernel of multiply-adds that depend on nothing but themselves.
public struct MultiplyAddShape: Hashable, Sendable {
  /// Whether numbers are 16-bit floats, in pairs where the device has them, instead of 32-bit ones.
  public var half: Bool
  /// Vectors of four numbers that each invocation keeps multiplying.
  public var accumulators: Int
  /// Invocations of a work-group.
  public var groupSize: Int
  /// Work-groups.
  public var groups: Int

  public init(half: Bool, accumulators: Int, groupSize: Int, groups: Int) {
    self.half = half
    self.accumulators = accumulators
    self.groupSize = groupSize
    self.groups = groups
  }

  /// Pairs of multiply-adds that each number goes through: so few that it stays between 1 and 2, where
  /// 16 bits hold every step exactly.
  static let pairs = 128

  /// Floating-point operations of a dispatch, two for each multiply-add.
  public var operations: Double {
    Double(groupSize * groups) * Double(accumulators * 4 * Self.pairs * 2) * 2
  }
}

/// A kernel that does one thing as fast as the device can.
public protocol Probe: TimedChain {
  /// Throws ``Failure/Kind/wrongOutput`` unless the last dispatches did all of their work.
  func check() throws(Failure)
}

/// Kernels that copy between the same buffers, one for each way to read them.
public protocol CopyProbes: AnyObject {
  /// Ways to copy. The name says how the bytes are read; a name may come several times, for kernels of
  /// several shapes.
  var paths: [(name: String, probe: any Probe)] { get }
  /// Dispatches that go once through all buffers.
  var ringSize: Int { get }
  /// Bytes read and written by one dispatch.
  var bytes: Int { get }
}

extension Backend {
  /// No such kernels, as on a back end that has only operators.
  public func prepare(_ shape: MultiplyAddShape) throws(Failure) -> (any Probe)? { nil }
  public func prepareCopies(footprint: Int) throws(Failure) -> (any CopyProbes)? { nil }
}
