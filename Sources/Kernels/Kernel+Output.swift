public import Workloads

extension Kernel {
  /// What an output holds, compared with the right answer.
  public enum OutputState: Hashable, Sendable {
    /// Every element is finite, and only elements were written. The largest error at the points that
    /// were compared, as a share of each element's yardstick.
    case complete(largestError: Double)
    /// An element was not written, or is not finite.
    case notFinite
    /// Something was written outside the elements.
    case spilled
  }
}

extension Kernel.Binding {
  /// Looks at the bytes of an output that held NaN before the kernel ran: at each point of `expected`
  /// for its value, everywhere else for what was not written or should not have been.
  public func outputState(
    _ bytes: UnsafeRawBufferPointer,
    expected: [Reference.Expectation], tolerance: Tolerance
  ) -> Kernel.OutputState {
    guard case .activation(_, let layout) = content else { return .spilled }
    return switch elementType {
    case .float32: state(bytes.bindMemory(to: Float.self), layout, expected, tolerance)
    case .float16: state(bytes.bindMemory(to: Float16.self), layout, expected, tolerance)
    }
  }

  private func state<Number: BinaryFloatingPoint>(
    _ values: UnsafeBufferPointer<Number>, _ layout: ActivationLayout,
    _ expected: [Reference.Expectation], _ tolerance: Tolerance
  ) -> Kernel.OutputState {
    // Everywhere, not only at the points.
    guard values.allSatisfy(\.isFinite) else { return .notFinite }
    guard layout.paddingIsZero(values) else { return .spilled }
    let error = Reference.largestError(expected, tolerance) {
      Float(values[layout.index($0.channel, $0.y, $0.x)])
    }
    return .complete(largestError: error)
  }
}
