internal import Workloads

/// Where an activation lies in a larger buffer of the same height and width: some of its channels.
///
/// Kernels read and write only these, with one exception: a convolution whose input ends inside a texel
/// reads the rest of that texel, multiplied by zero. Buffers are to be finite everywhere before.
public struct ChannelView: Hashable, Sendable {
  /// The first channel, a multiple of four.
  public var firstChannel: Int
  /// Channels of the whole buffer.
  public var channels: Int

  public init(firstChannel: Int, channels: Int) {
    self.firstChannel = firstChannel
    self.channels = channels
  }
}

/// An activation with the buffer it lies in.
struct PlacedActivation {
  let operand: Operand
  let shape: MapShape
  /// The whole buffer.
  let layout: ActivationLayout
  /// Texels of the buffer before the activation.
  let first: Int

  init(_ operand: Operand, _ shape: MapShape, _ view: ChannelView?) {
    (self.operand, self.shape) = (operand, shape)
    var whole = shape
    if let view { whole.channels = view.channels }
    layout = ActivationLayout(whole)
    first = (view?.firstChannel ?? 0) / ActivationLayout.channelsPerTexel * layout.planeStride
  }

  /// What a kernel knows of it.
  var constants: [(name: String, value: Int)] {
    let name = operand.rawValue.uppercased()
    let blocks = ActivationLayout.blocks(shape.channels)
    return (operand == .output ? [] : [("\(name)_BLOCKS", blocks)])
      + [
        ("\(name)_ROW", layout.rowStride), ("\(name)_PLANE", layout.planeStride),
        ("\(name)_FIRST", first),
      ]
  }
}

extension Workload {
  /// The activations where `views` has them.
  ///
  /// - Throws: Why one of them cannot lie there.
  func placed(in views: [Operand: ChannelView]) throws(Unsupported) -> [PlacedActivation] {
    for operand in views.keys.sorted(by: { $0.rawValue < $1.rawValue })
    where !activations.contains(where: { $0.operand == operand }) {
      throw Unsupported(description: "\(self) has no activation '\(operand.rawValue)' to view")
    }
    return try activations.map { operand, shape throws(Unsupported) in
      if let view = views[operand] { try require(view, operand, shape.channels) }
      return PlacedActivation(operand, shape, views[operand])
    }
  }

  private func require(
    _ view: ChannelView, _ operand: Operand, _ count: Int
  ) throws(Unsupported) {
    let (first, total) = (view.firstChannel, view.channels)
    let lanes = ActivationLayout.channelsPerTexel
    guard first >= 0, first % lanes == 0, first <= total - count else {
      throw Unsupported(
        description: "\(count) channels of \(operand.rawValue) from \(first) on of \(total) are no "
          + "view: one begins at a multiple of \(lanes), and ends within its buffer")
    }
    // The rest of the last texel belongs to other channels, or is zero.
    guard count % lanes == 0 || first + count == total || isConvolutionInput(operand) else {
      throw Unsupported(
        description:
          "\(count) channels of \(operand.rawValue) end inside a texel of \(lanes), which "
          + "only a convolution's input and the last channels of a buffer may")
    }
  }

  private func isConvolutionInput(_ operand: Operand) -> Bool {
    if case .convolution = operation { operand == .input } else { false }
  }
}
