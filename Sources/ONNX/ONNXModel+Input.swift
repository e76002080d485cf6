internal import Networks
internal import Workloads

extension ONNXModel {
  /// Whether the first thing that is done to the image, numbers aside, is to bring its channels to the
  /// front.
  var inputLayout: ImageLayout {
    let keeping: Set = ["Identity", "Cast", "Add", "Sub", "Mul", "Div", "Clip", "Dropout", "Pad"]
    var images: Set = [input.name]
    var layout = ImageLayout.channelsFirst
    for node in nodes where !images.isDisjoint(with: node.inputs) {
      if node.operator == "Transpose", node.integers("perm") == [0, 3, 1, 2] {
        layout = .channelsLast
      } else if keeping.contains(node.operator) {
        images.formUnion(node.outputs)
      } else if node.operator != "Shape" {
        return .channelsFirst
      }
    }
    return layout
  }

  /// The shape of the image, from the file and from what the user says.
  func inputShape(
    _ given: MapShape?, _ layout: ImageLayout
  ) throws(Refusal) -> MapShape {
    let axes = [layout.channelAxis, layout.heightAxis, layout.widthAxis]
    let declared = axes.map { input.dims[$0] }
    if let given {
      let sizes = [given.channels, given.height, given.width]
      let fits = zip(declared, sizes).allSatisfy { $0 == nil || $0 == $1 }
      let text = declared.map { $0.map { "\($0)" } ?? "any" }.joined(separator: "x")
      guard fits else {
        throw Refusal(.inputSize, "its input '\(input.name)' is \(text), not \(given)")
      }
      return given
    }
    guard let channels = declared[0], let height = declared[1], let width = declared[2] else {
      let text =
        "1x"
        + zip(declared, ["C", "H", "W"]).map { $0.map { "\($0)" } ?? $1 }.joined(
          separator: "x")
      throw Refusal(
        .inputSize,
        "the size of its input '\(input.name)' is open: say it with --input 1x3x180x320 (\(text))")
    }
    return MapShape(channels: channels, height: height, width: width)
  }
}
