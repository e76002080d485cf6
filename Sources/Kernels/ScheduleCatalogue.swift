internal import Workloads

/// The schedules that are tried, as data: names, the most promising first. Tiles are cut to fit a
/// workload, and the invocations that pass weights around to the subgroups of the device.
///
/// What is promising differs from driver to driver; the heads of the lists are chosen so that they
/// do not spill registers on Adreno 618 to 750, as Mesa's compiler reports it, the rest so that every
/// way to read operands and every algorithm is tried. Change the lists freely: rows know their schedules by name.
enum ScheduleCatalogue {
  /// Schedules worth trying for a workload of any size, a dozen or so.
  static func promising(for workload: Workload) -> [String] {
    switch workload.operation {
    case .convolution(let it):
      if it.isDepthwise { return depthwise }
      let dense = dense(kernel: it.kernel)
      if it.sparsity == nil { return dense }
      // Dense kernels with zeros in them are tried early: no row may be slower than ignoring the pruning.
      let zeros = dense.filter { !$0.hasPrefix("coded") }.prefix(5)
      return Array(pruned.prefix(2) + zeros.dropFirst().prefix(2) + pruned.dropFirst(2) + zeros)
    case .globalAveragePool: return reduction
    case .add, .concat, .channelScale, .pixelShuffle, .multiply, .copy, .resize:
      return elementwise
    }
  }

  /// Schedules of few registers, the most promising first; none where an invocation computes one texel.
  static func sparing(for workload: Workload) -> [String] {
    guard case .convolution(let it) = workload.operation else { return [] }
    if it.isDepthwise { return sparingDepthwise }
    let dense = it.kernel == 1 ? sparingPointwise : sparingDirect
    return it.sparsity == nil ? dense : sparingPruned + dense
  }

  private static func dense(kernel: Int) -> [String] {
    if kernel == 1 { return pointwise }
    return kernel > 3 ? wide + direct : direct
  }

  /// All lists, one after the other, and the whole space.
  static var all: [String] {
    [
      direct, wide, pointwise, depthwise, pruned, elementwise, reduction, sparingDirect,
      sparingPointwise, sparingDepthwise, sparingPruned,
    ].flatMap(\.self) + space.flatMap(\.names)
  }

  private static let direct = [
    "direct/4x1x16/wg8x4/in:texel/w:uniform",
    "winograd4/8x4x24/wg8x4/in:texel/w:subgroup8",
    "direct/4x1x16/wg8x4/in:texel/w:subgroup8",
    "winograd4/4x4x8/wg8x4/in:texel/w:subgroup8",
    "direct/4x2x8/wg8x4/in:texel/w:subgroup8",
    "winograd2/4x2x8/wg8x4/in:texel/w:subgroup8",
    "coded/4x1x64/wg8x4/in:texel/w:code",
    "direct/4x2x8/wg8x4/in:texel/w:texel",
    "direct/4x1x8/wg8x8/in:texel/w:uniform",
    "direct/4x2x16/wg8x8/in:texel/w:uniform",
    "direct/2x2x16/wg8x8/in:texel/w:shared",
    "winograd2/2x2x8/wg8x8/in:texel/w:uniform",
    "gemm/4x1x16/wg16x4/in:texel/w:texel",
    "direct/4x4x8/wg8x4/in:texel/w:texel",
    "direct/4x1x16/wg8x4/in:image/w:uniform",
    "direct/4x1x8/wg16x4/in:storage/w:storage",
  ]

  /// Kernels of 5 and more, whose rows of inputs take many registers.
  private static let wide = [
    "direct/4x1x8/wg8x4/in:texel/w:uniform",
    "direct/4x1x8/wg8x4/in:texel/w:subgroup8",
    "direct/2x1x16/wg8x4/in:texel/w:subgroup8",
  ]

  private static let pointwise = [
    "pointwise/4x1x16/wg8x4/in:texel/w:uniform",
    "coded/4x1x256/wg8x4/in:texel/w:code",
    "pointwise/4x1x16/wg8x4/in:texel/w:subgroup8/u2",
    "pointwise/4x1x32/wg8x4/in:texel/w:subgroup8/u16",
    "pointwise/4x2x8/wg8x4/in:texel/w:subgroup8/u4",
    "pointwise/4x2x16/wg8x4/in:texel/w:subgroup8",
    "pointwise/4x1x16/wg8x4/in:texel/w:texel/u2",
    "pointwise/2x2x16/wg8x8/in:texel/w:uniform",
    "pointwise/4x2x8/wg8x8/in:texel/w:shared/u2",
    "gemm/4x1x16/wg16x4/in:texel/w:texel",
    "pointwise/4x1x16/wg8x4/in:image/w:uniform",
    "pointwise/4x1x8/wg16x4/in:storage/w:storage",
    "coded/2x2x32/wg8x4/in:texel/w:code",
  ]

  private static let depthwise = [
    "depthwise/4x2x4/wg8x4/in:texel/w:uniform",
    "depthwise/4x4x4/wg8x4/in:texel/w:texel",
    "depthwise/4x4x4/wg8x4/in:texel/w:uniform",
    "depthwise/2x2x4/wg8x8/in:texel/w:uniform",
    "depthwise/8x2x4/wg8x4/in:texel/w:texel",
    "depthwise/4x2x4/wg8x4/in:image/w:uniform",
    "depthwise/4x2x4/wg8x4/in:storage/w:storage",
    "depthwise/1x4x4/wg16x4/in:texel/w:uniform",
  ]

  private static let pruned = [
    "listed/4x2x8/wg8x4/in:texel/w:texel",
    "coded/4x1x64/wg8x4/in:texel/w:code",
    "coded/2x1x64/wg8x4/in:texel/w:code",
    "listed/4x2x8/wg8x4/in:texel/w:subgroup8",
    "coded/4x2x64/wg8x4/in:texel/w:code",
    "coded/2x1x256/wg8x4/in:texel/w:code",
    "listed/4x4x8/wg8x4/in:texel/w:subgroup8",
    "branched/2x2x4/wg8x4/in:texel/w:uniform",
    "coded/1x1x256/wg8x4/in:texel/w:code",
    "coded/2x2x16/wg8x4/in:texel/w:code",
  ]

  // Of few registers: those that Mesa's compilers for Mali G52 and G610 (64 of an invocation) and VideoCore 4.2
  // and 7.1 (32) keep out of memory, by the cycles or instructions they need for an output.

  private static let sparingDirect = [
    "direct/4x1x4/wg8x4/in:texel/w:uniform",
    "direct/2x2x4/wg8x4/in:texel/w:uniform",
    "direct/2x1x8/wg8x4/in:texel/w:uniform",
    "direct/2x1x4/wg8x4/in:texel/w:uniform",
    "direct/1x1x8/wg8x4/in:texel/w:uniform",
    "direct/4x1x4/wg16x4/in:storage/w:storage",
    "gemm/4x1x8/wg16x4/in:texel/w:texel",
    "gemm/2x1x4/wg16x4/in:texel/w:texel",
    "direct/4x1x4/wg8x8/in:texel/w:shared",
    "direct/1x1x12/wg8x4/in:texel/w:uniform",
    "direct/2x1x4/wg16x4/in:storage/w:storage",
    "direct/1x1x4/wg8x4/in:texel/w:uniform",
  ]

  private static let sparingPointwise = [
    "pointwise/4x1x8/wg8x4/in:texel/w:uniform",
    "pointwise/2x1x16/wg8x4/in:texel/w:uniform",
    "pointwise/4x1x4/wg8x4/in:texel/w:uniform",
    "pointwise/2x1x4/wg8x4/in:texel/w:uniform",
    "pointwise/1x1x12/wg8x4/in:texel/w:uniform",
    "pointwise/4x1x8/wg16x4/in:storage/w:storage",
    "gemm/4x1x8/wg16x4/in:texel/w:texel",
    "pointwise/4x1x4/wg8x4/in:texel/w:uniform/u2",
    "gemm/2x1x4/wg16x4/in:texel/w:texel",
    "pointwise/1x1x8/wg8x4/in:texel/w:uniform",
    "pointwise/2x1x4/wg16x4/in:storage/w:storage",
    "pointwise/1x1x4/wg8x4/in:texel/w:uniform",
  ]

  private static let sparingDepthwise = [
    "depthwise/2x2x4/wg8x4/in:texel/w:uniform",
    "depthwise/4x1x4/wg8x4/in:texel/w:uniform",
    "depthwise/2x1x4/wg8x4/in:texel/w:uniform",
    "depthwise/2x2x4/wg16x4/in:storage/w:storage",
    "depthwise/2x1x4/wg16x4/in:storage/w:texel",
    "depthwise/1x1x4/wg8x4/in:texel/w:uniform",
  ]

  private static let sparingPruned = [
    "listed/2x1x16/wg8x4/in:texel/w:texel",
    "listed/4x1x4/wg8x4/in:texel/w:texel",
    "listed/2x1x4/wg8x4/in:texel/w:texel",
    "listed/1x1x8/wg8x4/in:texel/w:texel",
    "listed/4x1x4/wg16x4/in:storage/w:storage",
    "listed/2x1x4/wg16x4/in:storage/w:storage",
    "listed/1x1x4/wg8x4/in:texel/w:texel",
  ]

  private static let elementwise = [
    "elementwise/wg16x4/in:texel",
    "elementwise/wg16x4/in:storage",
    "elementwise/wg64x1/in:texel",
    "elementwise/wg32x8/in:storage",
  ]

  private static let reduction = [
    "reduction/wg64x1/in:texel",
    "reduction/wg64x1/in:storage",
    "reduction/wg256x1/in:texel",
    "reduction/wg32x1/in:texel",
  ]

  /// Axes of the whole space, for those who have the time.
  struct Axes: Sendable {
    var algorithm: Schedule.Algorithm
    /// Width x height x channels.
    var tiles: [String]
    var groups = ["wg8x4", "wg16x8"]
    var inputs = ["in:texel", "in:image", "in:storage"]
    var weights: [String]
    var unrolls = ["u1"]
  }

  static let space: [Axes] = [
    Axes(
      algorithm: .direct,
      tiles: [
        "2x1x8", "2x2x4", "2x2x8", "2x2x16", "4x1x4", "4x1x8", "4x1x16", "4x2x4", "4x2x8",
        "4x2x16", "4x4x4", "4x4x8", "8x1x8", "2x1x32",
      ], weights: ["w:uniform", "w:texel", "w:subgroup8", "w:shared", "w:storage"]),
    Axes(
      algorithm: .pointwise,
      tiles: [
        "2x1x16", "2x2x8", "2x2x16", "4x1x8", "4x1x16", "4x1x32", "4x2x8", "4x2x16", "4x4x8",
      ],
      weights: ["w:uniform", "w:texel", "w:subgroup8", "w:shared", "w:storage"],
      unrolls: ["u1", "u2", "u4"]),
    Axes(
      algorithm: .winograd2, tiles: ["2x2x4", "2x2x8", "2x2x16", "4x2x4", "4x2x8"],
      weights: ["w:uniform", "w:texel", "w:subgroup8", "w:shared"]),
    Axes(
      algorithm: .winograd4, tiles: ["4x4x4", "4x4x8", "4x4x24", "8x4x4", "8x4x8", "8x4x24"],
      weights: ["w:uniform", "w:texel", "w:subgroup8"]),
    Axes(
      algorithm: .gemm, tiles: ["2x1x8", "2x1x16", "4x1x8", "4x1x16", "4x1x32"],
      groups: ["wg8x4", "wg16x4", "wg16x8", "wg32x4"], weights: ["w:texel", "w:storage"]),
    Axes(
      algorithm: .depthwise, tiles: ["1x4x4", "2x2x4", "4x1x4", "4x2x4", "4x4x4", "8x2x4"],
      weights: ["w:uniform", "w:texel", "w:storage"]),
    Axes(
      algorithm: .listed, tiles: ["2x2x8", "4x1x8", "4x2x4", "4x2x8", "4x4x4", "4x4x8", "4x2x16"],
      weights: ["w:uniform", "w:texel", "w:subgroup8", "w:storage"]),
    Axes(
      algorithm: .branched, tiles: ["2x1x4", "2x2x4", "4x1x4", "4x2x4"],
      weights: ["w:uniform", "w:texel", "w:storage"]),
    Axes(
      algorithm: .coded,
      tiles: ["1x1x64", "2x1x64", "4x1x64", "2x2x64", "4x2x64", "2x1x16", "2x2x16", "4x2x16"],
      weights: ["w:code"]),
    Axes(
      algorithm: .elementwise, tiles: [""], groups: ["wg8x8", "wg16x4", "wg32x4", "wg64x1"],
      weights: [""]),
    Axes(
      algorithm: .reduction, tiles: [""], groups: ["wg32x1", "wg64x1", "wg128x1", "wg256x1"],
      weights: [""]),
  ]
}

extension ScheduleCatalogue.Axes {
  /// The names of the product.
  var names: [String] {
    var names = [algorithm.rawValue]
    for axis in [tiles, groups, inputs, weights, unrolls] {
      names = names.flatMap { name in
        axis.map { $0.isEmpty ? name : "\(name)/\($0)" }
      }
    }
    return names
  }
}
