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

    public init(buffer: Int, firstChannel: Int = 0, channels: Int) {
      self.buffer = buffer
      self.firstChannel = firstChannel
      self.channels = channels
    }
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

    public init(
      workload: Workload, views: [Operand: View], parameters: [Operand: Parameters],
      nodes: [String]
    ) {
      self.workload = workload
      self.views = views
      self.parameters = parameters
      self.nodes = nodes
    }
  }

  public let name: String
  public let steps: [Step]
  /// Shapes of all buffers; a shape's channels are those of the whole buffer.
  public let buffers: [MapShape]
  /// Where the image comes in and goes out.
  public let input: View
  public let output: View
  /// What is done to the image's channels before it is written to the input, one for each; mean shifts
  /// end up here.
  public let inputAffine: [Affine]

  /// `scale * x + shift`.
  public struct Affine: Hashable, Sendable {
    public let scale: Float
    public let shift: Float

    public init(scale: Float, shift: Float) {
      self.scale = scale
      self.shift = shift
    }
  }

  public init(
    name: String, steps: [Step], buffers: [MapShape], input: View, output: View,
    inputAffine: [Affine]
  ) {
    self.name = name
    self.steps = steps
    self.buffers = buffers
    self.input = input
    self.output = output
    self.inputAffine = inputAffine
  }

  /// Shape of what a view sees.
  public func shape(of view: View) -> MapShape {
    let whole = buffers[view.buffer]
    return MapShape(channels: view.channels, height: whole.height, width: whole.width)
  }

  /// Of the image that comes in.
  public var inputShape: MapShape { shape(of: input) }
  /// Of the image that goes out.
  public var outputShape: MapShape { shape(of: output) }

  /// Learned numbers of all steps, pruned ones included.
  public var learnedCount: Int {
    steps.reduce(0) { $0 + $1.parameters.values.reduce(0) { $0 + $1.count } }
  }

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
