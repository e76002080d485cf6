internal import Workloads

/// The text of a convolution with its weights in the code: one multiply-add for each kept weight and
/// pixel, on registers; what no kept weight reads is not even loaded.
struct CodedConvolution {
  private let it: Convolution
  private let mask: WeightMask?
  private let schedule: Schedule
  /// A weight by its row-major index.
  private let weight: @Sendable (Int) -> Float

  init(
    _ convolution: Convolution, mask: WeightMask?, _ schedule: Schedule,
    weight: @escaping @Sendable (Int) -> Float
  ) {
    it = convolution
    self.mask = mask
    self.schedule = schedule
    self.weight = weight
  }

  /// GLSL of `main`. The code of each tile of output texels stands for itself.
  var text: String {
    let tiles = it.storedBlocks.dividedUp(by: schedule.tileBlocks)
    let corner =
      "(y0 * \(it.stride) + HALO - \(it.kernel / 2)) * INPUT_ROW"
      + " + x0 * \(it.stride) + HALO - \(it.kernel / 2)"
    var lines = [
      "void main() {", "const uint x0 = gl_GlobalInvocationID.x * \(schedule.tileWidth);",
      "const uint y0 = gl_GlobalInvocationID.y * \(schedule.tileHeight);",
      "if (x0 >= WIDTH || y0 >= HEIGHT) return;", "const uint corner = \(corner);",
    ]
    for tile in 0..<tiles {
      if tiles > 1 { lines.append("if (gl_WorkGroupID.z == \(tile)) {") }
      lines += code(of: tile)
      if tiles > 1 { lines.append("}") }
    }
    lines.append("}\n")
    return lines.joined(separator: "\n")
  }

  private var pixels: [(y: Int, x: Int)] {
    (0..<schedule.tileHeight).flatMap { y in (0..<schedule.tileWidth).map { (y, $0) } }
  }

  /// Declares the sums, adds everything up, and stores.
  private func code(of tile: Int) -> [String] {
    let first = tile * schedule.tileBlocks
    let blocks = first..<min(first + schedule.tileBlocks, it.storedBlocks)
    var lines = blocks.flatMap { block in
      pixels.map { "real4 s\(block)_\($0.y)_\($0.x) = real4(0);" }
    }
    for input in 0..<ActivationLayout.blocks(it.inputs) { lines += code(of: blocks, input) }
    for block in blocks {
      lines.append("const PerChannel learned\(block) = per_channel(\(block));")
      lines += pixels.map { y, x in
        "if (y0 + \(y) < HEIGHT && x0 + \(x) < WIDTH) "
          + "finish(s\(block)_\(y)_\(x), learned\(block), \(block), y0 + \(y), x0 + \(x));"
      }
    }
    return lines
  }

  /// What one input texel adds to the sums of some output texels.
  private func code(of blocks: Range<Int>, _ inputBlock: Int) -> [String] {
    var window: Set<Int> = []
    var sums: [String] = []
    for block in blocks {
      for lane in 0..<4 {
        guard let output = it.outputChannel(block: block, lane: lane) else { continue }
        for (y, x) in pixels {
          // One nested expression: compilers take long over many small statements.
          let target = "s\(block)_\(y)_\(x).\(Self.lanes[lane])"
          var sum = target
          for (input, tap) in kept(output, inputBlock) {
            let (row, column) = (y * it.stride + tap / it.kernel, x * it.stride + tap % it.kernel)
            window.insert(row * span + column)
            let taps = it.kernel * it.kernel
            let place = output * it.inputsPerGroup + input % it.inputsPerGroup
            let weight = weight(place * taps + tap)
            sum = "fma(v\(row)_\(column)\(Self.lanes[input % 4]), real(\(weight)), \(sum))"
          }
          if sum != target { sums.append("\(target) = \(sum);") }
        }
      }
    }
    let loads = window.sorted().flatMap { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: span)
      let v = "v\(row)_\(column)"
      return [
        "const real4 \(v) = "
          + "load_input(\(inputBlock) * INPUT_PLANE + corner + \(row) * INPUT_ROW + \(column));",
        "const real \(v)x = \(v).x, \(v)y = \(v).y, \(v)z = \(v).z, \(v)w = \(v).w;",
      ]
    }
    return ["{"] + loads + sums + ["}"]
  }

  /// Pixels of a row of the window.
  private var span: Int { (schedule.tileWidth - 1) * it.stride + it.kernel }

  /// The weights of one output channel that are kept, of the four input channels of a texel.
  private func kept(_ output: Int, _ inputBlock: Int) -> [(input: Int, tap: Int)] {
    let group = output / (it.outputs / it.groups)
    let inputs = (inputBlock * 4..<min(inputBlock * 4 + 4, it.inputs))
      .filter { $0 / it.inputsPerGroup == group }
    return inputs.flatMap { input in
      (0..<it.kernel * it.kernel).filter { mask?[output, input, $0] ?? true }.map { (input, $0) }
    }
  }

  private static let lanes = ["x", "y", "z", "w"]
}
