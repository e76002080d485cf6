public import Workloads

/// A network as fused workloads in the order they run: what is executed, and what a prediction adds up.
public struct LoweredNetwork: Sendable {
  /// Some channels of a buffer, first and count in channels.
  public struct View: Hashable, Sendable {
    /// Place in ``LoweredNetwork/buffers``.
    public let buffer: Int
    /// A multiple of four.
    public let firstChannel: Int
    public let channels: Int
  }

  /// One workload between buffers.
  public struct Step: Sendable {
    public let workload: Workload
    /// Where each activation that is read or written lies, ``Operand/output`` included.
    public let views: [Operand: View]
    /// Learned numbers by operand, as ``Workload/parameters`` counts them.
    public let parameters: [Operand: Parameters]
    /// Names of the nodes it computes.
    public let nodes: [String]
  }

  public let name: String
  public let steps: [Step]
  /// Shapes of all buffers; a shape's channels are those of the whole buffer.
  public let buffers: [MapShape]
  /// Where the image comes in and goes out.
  public let input: View
  public let output: View
  /// What is done to the image's channels before it is written to the input: `scale * x + shift`, one
  /// pair a channel; mean shifts end up here.
  public let inputAffine: [(scale: Float, shift: Float)]

  public var inputShape: MapShape { buffers[input.buffer] }
  public var outputShape: MapShape { buffers[output.buffer] }

  /// How often each workload runs, in the order of their first appearance.
  public var counts: [(workload: Workload, count: Int)] {
    var order: [Workload] = []
    var counts: [Workload: Int] = [:]
    for step in steps {
      if counts[step.workload] == nil { order.append(step.workload) }
      counts[step.workload, default: 0] += 1
    }
    return order.map { ($0, counts[$0] ?? 0) }
  }
}
