public import Workloads

/// The catalogue has no kernel for a workload; one sentence.
public struct Unsupported: Error, Hashable, CustomStringConvertible {
  public let description: String
}

extension Kernel {
  /// The kernel that executes `workload` by `schedule`.
  public init(_ workload: Workload, schedule: Schedule) throws(Unsupported) {
    let output = ActivationLayout(workload.outputShape)
    let algorithm = try Algorithm(workload, schedule: schedule)
    let activations = workload.activations.filter { $0.operand != .output }.map {
      (operand: $0.operand, layout: ActivationLayout($0.shape))
    }
    shader = algorithm.shader
    definitions = algorithm.definitions
    constants =
      [
        ("GROUP_X", schedule.groupWidth), ("GROUP_Y", schedule.groupHeight), ("GROUP_Z", 1),
        ("HALO", ActivationLayout.halo), ("WIDTH", algorithm.width), ("HEIGHT", algorithm.height),
        ("BLOCKS", algorithm.blocks), ("OUTPUT_CHANNELS", output.shape.channels),
        ("OUTPUT_ROW", output.rowStride), ("OUTPUT_PLANE", output.planeStride),
      ]
      + activations.flatMap { operand, layout in
        let name = operand.rawValue.uppercased()
        return [
          ("\(name)_BLOCKS", layout.blocks), ("\(name)_ROW", layout.rowStride),
          ("\(name)_PLANE", layout.planeStride),
        ]
      }
    bindings =
      activations.map {
        Binding(
          operand: $0.operand, placement: $0.operand == .input ? schedule.input : .storageBuffer,
          content: .activation($0.layout))
      } + algorithm.parameters
      + [Binding(operand: .output, placement: .storageBuffer, content: .activation(output))]
    let invocations = algorithm.invocations
    groups = (
      invocations.x.dividedUp(by: schedule.groupWidth),
      invocations.y.dividedUp(by: schedule.groupHeight), invocations.z
    )
  }

  /// What differs from operation to operation.
  private struct Algorithm {
    var shader: String
    var definitions: [(name: String, value: String)] = []
    var parameters: [Binding] = []
    /// Pixels computed: those of the output, but of the input for pooling and before the shuffle
    /// for a pixel-shuffle store.
    var width: Int
    var height: Int
    /// Output texels computed for each pixel.
    var blocks: Int
    /// Invocations that cover the work.
    var invocations: (x: Int, y: Int, z: Int)

    init(_ workload: Workload, schedule: Schedule) throws(Unsupported) {
      let output = workload.outputShape
      (width, height) = (output.width, output.height)
      blocks = ActivationLayout.blocks(output.channels)
      invocations = (width, height, blocks)
      switch workload.operation {
      case .convolution(let it):
        guard it.kernel <= ActivationLayout.largestKernel else {
          throw Unsupported(
            description: "a kernel of \(it.kernel) needs a halo of \(it.kernel / 2) pixels, the "
              + "canonical layout has \(ActivationLayout.halo)")
        }
        shader = it.isDepthwise ? "convolution_depthwise.comp" : "convolution_direct.comp"
        (width, height) = (width / it.shuffle, height / it.shuffle)
        blocks = Schedule.storedBlocks(it)
        invocations = (
          width.dividedUp(by: schedule.tileWidth), height.dividedUp(by: schedule.tileHeight),
          blocks.dividedUp(by: schedule.tileBlocks)
        )
        definitions = Self.definitions(it, schedule: schedule)
        parameters = workload.parameters.map { operand, _ in
          Binding(
            operand: operand, placement: operand == .weights ? schedule.weights : .storageBuffer,
            content: .parameters(
              PackedParameters(
                operand: operand, convolution: it, tileBlocks: schedule.tileBlocks)))
        }
      case .add: shader = "add.comp"
      case .pixelShuffle(let factor, _):
        shader = "pixel_shuffle.comp"
        definitions = [("FACTOR", "\(factor)")]
      case .concat(let first, _):
        shader = "concat.comp"
        definitions = [("FIRST_CHANNELS", "\(first)")]
      case .channelScale: shader = "channel_scale.comp"
      case .globalAveragePool:
        shader = "global_average_pool.comp"
        (width, height) = (workload.width, workload.height)
        invocations = (schedule.groupWidth, 1, blocks)
      }
    }

    private static func definitions(
      _ it: Convolution, schedule: Schedule
    ) -> [(name: String, value: String)] {
      var definitions = [
        ("EPILOGUE", "1"), ("KERNEL", "\(it.kernel)"), ("STRIDE", "\(it.stride)"),
        ("TILE_X", "\(schedule.tileWidth)"), ("TILE_Y", "\(schedule.tileHeight)"),
        ("TILE_BLOCKS", "\(schedule.tileBlocks)"), ("SHUFFLE", "\(it.shuffle)"),
      ]
      switch it.activation {
      case .none: break
      case .relu: definitions.append(("RELU", "1"))
      case .prelu: definitions.append(("PRELU", "1"))
      case .clip(let minimum, let maximum):
        definitions.append(("CLIP_MINIMUM", "float(\(minimum))"))
        definitions.append(("CLIP_MAXIMUM", "float(\(maximum))"))
      }
      switch it.residual {
      case .none: break
      case .afterActivation: definitions.append(("RESIDUAL_AFTER_ACTIVATION", "1"))
      case .beforeActivation: definitions.append(("RESIDUAL_BEFORE_ACTIVATION", "1"))
      }
      return definitions
    }
  }
}

extension Int {
  /// The quotient, rounded up.
  fileprivate func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
