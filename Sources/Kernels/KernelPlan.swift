internal import Workloads

/// What of a kernel differs from operation to operation and from algorithm to algorithm.
struct KernelPlan {
  var shader: String
  /// Writes the text in place of the shader's file.
  var code: CodedConvolution?
  var definitions: [(name: String, value: String)] = []
  var parameters: [PackedParameters] = []
  var places: PlaceTable?
  /// Pixels computed: those of the output, but of the input for pooling, pixel shuffle and before the
  /// shuffle of a pixel-shuffle store.
  var width: Int
  var height: Int
  /// Output texels computed for each pixel.
  var blocks: Int
  /// Invocations that cover the work.
  var invocations: (x: Int, y: Int, z: Int)
  /// Whether the x of a work-group lies along the height: some drivers use lanes along x only, most of which
  /// have nothing to do on a narrow map.
  var isTurned = false
  /// Texels of shared memory a work-group uses.
  var sharedTexels = 0
  /// Turns of all loops of one invocation together, at most.
  var turns = 0

  /// - Parameter weight: The weights of a kernel that has them in its code; test data unless given.
  init(
    _ workload: Workload, schedule: Schedule, weight: (@Sendable (Int) -> Float)?
  ) throws(Unsupported) {
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
      shader = "convolution_\(schedule.algorithm.shaderWord).comp"
      (width, height) = (width / it.shuffle, height / it.shuffle)
      blocks = it.storedBlocks
      try plan(it, workload, schedule, weight)
    case .add: shader = "add.comp"
    case .pixelShuffle(let factor, _):
      shader = "pixel_shuffle.comp"
      (width, height) = (workload.width, workload.height)
      invocations = (width, height, blocks)
      definitions = [("FACTOR", "\(factor)")]
    case .concat(let first, _):
      shader = "concat.comp"
      definitions = [("FIRST_CHANNELS", "\(first)")]
    case .channelScale: shader = "channel_scale.comp"
    case .multiply: shader = "multiply.comp"
    case .copy: shader = "copy.comp"
    case .resize(let mode, let factor, _):
      shader = "resize_\(mode.rawValue).comp"
      definitions = [("FACTOR", "\(factor)")]
    case .globalAveragePool:
      shader = "global_average_pool.comp"
      (width, height) = (workload.width, workload.height)
      invocations = (schedule.groupWidth, 1, blocks)
      sharedTexels = schedule.groupWidth
      turns = Self.poolingTurns(pixels: width * height, groupWidth: schedule.groupWidth)
    }
    isTurned =
      schedule.algorithm.coversPixels && invocations.x <= schedule.groupWidth / 2
      && invocations.y > invocations.x
    if isTurned { definitions.append(("gl_GlobalInvocationID", "gl_GlobalInvocationID.yxz")) }
  }

  /// Plans a convolution.
  private mutating func plan(
    _ it: Convolution, _ workload: Workload, _ schedule: Schedule,
    _ weight: (@Sendable (Int) -> Float)?
  ) throws(Unsupported) {
    let mask = workload.mask
    guard mask != nil || it.sparsity == nil else {
      throw Unsupported(
        description: "the mask is known by its digest only; the file that gave it is needed")
    }
    let tiles = blocks.dividedUp(by: schedule.tileBlocks)
    invocations = (
      width.dividedUp(by: schedule.tileWidth), height.dividedUp(by: schedule.tileHeight),
      tiles + it.passingBlocks
    )
    definitions = Self.definitions(it, schedule)
    turns = Self.turns(it, schedule)
    func packed(_ operand: Operand, _ order: PackedParameters.Order) -> PackedParameters {
      PackedParameters(
        operand: operand, convolution: it, tileBlocks: schedule.tileBlocks, order: order,
        mask: operand == .weights ? mask : nil)
    }
    switch schedule.algorithm {
    case .direct, .pointwise: parameters = [packed(.weights, .tiled)]
    case .depthwise: parameters = [packed(.weights, .depthwise)]
    case .winograd2, .winograd4:
      parameters = [
        packed(.weights, .winograd(outputs: schedule.algorithm.winogradOutputs ?? 2))
      ]
    case .gemm:
      parameters = [packed(.weights, .tiled)]
      invocations = (width.dividedUp(by: schedule.tileWidth), tiles, height)
      sharedTexels =
        Self.gemmSpan(it, schedule) + schedule.groupHeight * it.kernel * schedule.tileBlocks * 4
    case .listed:
      guard let mask else { throw Unsupported(description: "lists need a mask") }
      let list = PlaceList(mask, of: it, tileBlocks: schedule.tileBlocks)
      parameters = [packed(.weights, .listed(list))]
      places = PlaceTable(list, kernel: it.kernel)
      turns = Self.turns(it, schedule, list: list)
    case .branched:
      guard let mask, case .pattern(let library) = it.sparsity?.scheme,
        let table = PlaceTable(
          patterns: library.patterns, mask: mask, of: it, tileBlocks: schedule.tileBlocks)
      else {
        throw Unsupported(description: "branches need a mask made of a library's patterns")
      }
      let texels = library.entries.dividedUp(by: 4)
      parameters = [packed(.weights, .byKernel(texels: texels))]
      places = table
      definitions += [("TEXELS", "\(texels)"), ("PATTERNS(o)", library.cases)]
    case .coded:
      let data = TestData(for: workload)
      code = CodedConvolution(it, mask: mask, schedule) {
        weight?($0) ?? data.value(.weights, $0)
      }
    case .elementwise, .reduction:
      throw Unsupported(description: "\(schedule.algorithm.rawValue) computes no convolutions")
    }
    if schedule.weights == .sharedMemory {
      let chunk = schedule.weightsAtOnce(it)
      definitions.append(("WEIGHTS_CHUNK", "\(chunk)"))
      sharedTexels = chunk
    }
    parameters += workload.parameters.filter { $0.operand != .weights }.map {
      packed($0.operand, .perChannel)
    }
  }

  private static func definitions(
    _ it: Convolution, _ schedule: Schedule
  ) -> [(name: String, value: String)] {
    var definitions = [
      ("WEIGHTS", "1"), ("EPILOGUE", "1"), ("KERNEL", "\(it.kernel)"), ("STRIDE", "\(it.stride)"),
      ("TILE_X", "\(schedule.tileWidth)"), ("TILE_Y", "\(schedule.tileHeight)"),
      ("TILE_BLOCKS", "\(schedule.tileBlocks)"), ("SHUFFLE", "\(it.shuffle)"),
      ("GROUPS", "\(it.groups)"), ("PASSING_BLOCKS", "\(it.passingBlocks)"),
    ]
    if let outputs = schedule.algorithm.winogradOutputs { definitions.append(("M", "\(outputs)")) }
    if schedule.algorithm == .pointwise { definitions.append(("UNROLL", "\(schedule.unroll)")) }
    switch schedule.weights {
    case .sharedMemory: definitions.append(("WEIGHTS_SHARED", "1"))
    case .subgroup:
      definitions += [("WEIGHTS_SUBGROUP", "1"), ("SUBGROUP", "\(schedule.subgroupLanes)")]
    case .storageBuffer, .uniformBuffer, .texelBuffer, .code: break
    }
    switch it.activation {
    case .none: break
    case .relu: definitions.append(("RELU", "1"))
    case .prelu: definitions.append(("PRELU", "1"))
    case .clip(let minimum, let maximum):
      definitions.append(("CLIP_MINIMUM", "real(\(minimum))"))
      definitions.append(("CLIP_MAXIMUM", "real(\(maximum))"))
    case .sigmoid: definitions.append(("SIGMOID", "1"))
    case .tanh: definitions.append(("TANH", "1"))
    }
    switch it.residual {
    case .none: break
    case .afterActivation: definitions.append(("RESIDUAL_AFTER_ACTIVATION", "1"))
    case .beforeActivation: definitions.append(("RESIDUAL_BEFORE_ACTIVATION", "1"))
    }
    return definitions
  }
}

extension Schedule.Algorithm {
  /// The algorithm in the names of shaders.
  fileprivate var shaderWord: String { winogradOutputs == nil ? rawValue : "winograd" }
}

extension Schedule {
  /// Texels of weights that an invocation announces at once.
  fileprivate func weightsAtOnce(_ it: Convolution) -> Int {
    switch algorithm {
    case .pointwise: unroll * tileBlocks * 4
    case .winograd2, .winograd4: ((algorithm.winogradOutputs ?? 2) + 2) * 4
    case .listed: tileBlocks * 4
    default: it.kernel * tileBlocks * 4
    }
  }
}

extension PatternLibrary {
  /// The cases of a switch over patterns, in one line of GLSL.
  fileprivate var cases: String {
    patterns.enumerated().map { index, pattern in
      let taps = (0..<9).filter { pattern >> $0 & 1 == 1 }
      let terms = taps.enumerated().map { place, tap in
        "TAP(o, \(tap), w[\(place / 4)][\(place % 4)])"
      }
      return "case \(index + 1): \(terms.joined(separator: " ")) break;"
    }.joined(separator: " ")
  }
}
