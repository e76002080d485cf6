public import Kernels
public import Networks
public import Workloads

/// Which memory the buffers of a lowered network share: two that are never needed at the same time, if
/// they have the same layout, so that borders stay zero.
public struct MemoryPlan: Hashable, Sendable {
  /// Layouts of the activations that are really allocated.
  public let activations: [ActivationLayout]
  /// For each buffer of the network, its activation.
  public let places: [Int]

  /// Plans by liveness: a buffer is alive from the first step that writes it to the last that uses it.
  /// The image is alive from the start, and the result to the end; neither shares.
  public init(_ network: LoweredNetwork) {
    var last = Array(repeating: -1, count: network.buffers.count)
    for (index, step) in network.steps.enumerated() {
      for view in step.views.values { last[view.buffer] = index }
    }
    for end in [network.input, network.output] { last[end.buffer] = .max }
    var activations: [ActivationLayout] = []
    var free: [Layout: [Int]] = [:]
    var places = Array(repeating: -1, count: network.buffers.count)
    func allocate(_ buffer: Int) {
      guard places[buffer] < 0 else { return }
      let shape = network.buffers[buffer]
      if let known = free[Layout(shape)]?.popLast() {
        places[buffer] = known
      } else {
        places[buffer] = activations.count
        activations.append(ActivationLayout(shape))
      }
    }
    allocate(network.input.buffer)
    for (index, step) in network.steps.enumerated() {
      let used = Set(step.views.values.map(\.buffer)).sorted()
      used.forEach(allocate)
      for buffer in used where last[buffer] == index {
        free[Layout(network.buffers[buffer]), default: []].append(places[buffer])
      }
    }
    self.activations = activations
    self.places = places
  }

  /// Bytes of all activations in an element type.
  public func bytes(_ type: ElementType) -> Int {
    activations.reduce(0) {
      $0 + $1.texelCount * ActivationLayout.channelsPerTexel * type.byteCount
    }
  }

  /// What two buffers must share to lie in the same memory.
  private struct Layout: Hashable {
    let height, width, blocks: Int

    init(_ shape: MapShape) {
      (height, width) = (shape.height, shape.width)
      blocks = ActivationLayout.blocks(shape.channels)
    }
  }
}
