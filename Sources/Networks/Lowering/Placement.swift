internal import Workloads

/// Where values lie: in buffers of their own, or as some channels of another value's.
struct Placement {
  private(set) var buffers: [MapShape] = []
  private var views: [Int: LoweredNetwork.View] = [:]
  /// The value whose buffer a value is a part of, and its first channel there.
  private var containers: [Int: (value: Int, firstChannel: Int)] = [:]
  private let shapes: [MapShape]

  /// - Parameters:
  ///   - shapes: Of all values.
  ///   - input: The value of the image.
  init(_ layers: [FusedLayer], shapes: [MapShape], input: Int) {
    self.shapes = shapes
    let made = Set(layers.map(\.output))
    for layer in layers {
      switch layer.kind {
      case .slice(let first): containers[layer.output] = (layer.inputs[0], first)
      case .concat where layer.isAligned(shapes):
        var channel = 0
        for value in layer.inputs {
          // A value lies in one place: the second concat of it copies.
          if containers[value] == nil, made.contains(value) {
            containers[value] = (layer.output, channel)
          }
          channel += shapes[value].channels
        }
      default: break
      }
    }
    _ = view(of: input)
  }

  /// Where a value lies.
  mutating func view(of value: Int) -> LoweredNetwork.View {
    if let known = views[value] { return known }
    let shape = shapes[value]
    let result: LoweredNetwork.View
    if let (container, first) = containers[value] {
      let outer = view(of: container)
      result = LoweredNetwork.View(
        buffer: outer.buffer, firstChannel: outer.firstChannel + first, channels: shape.channels)
    } else {
      result = LoweredNetwork.View(buffer: buffers.count, channels: shape.channels)
      buffers.append(shape)
    }
    views[value] = result
    return result
  }

  /// Whether a value is made where a concat needs it.
  func lies(_ value: Int, in concat: Int, at channel: Int) -> Bool {
    guard let place = containers[value] else { return false }
    return place == (concat, channel)
  }

  /// A buffer for what no value is.
  mutating func addBuffer(_ shape: MapShape) -> LoweredNetwork.View {
    buffers.append(shape)
    return LoweredNetwork.View(buffer: buffers.count - 1, channels: shape.channels)
  }
}

extension FusedLayer {
  /// Whether every input of a concat begins with a whole texel, so that each can be stored by itself.
  func isAligned(_ shapes: [MapShape]) -> Bool {
    inputs.dropLast().allSatisfy { shapes[$0].channels % 4 == 0 }
  }
}
