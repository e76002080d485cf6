public import Statistics

/// What candidates are drawn from.
public struct CandidateSpace: Sendable {
  public var scales: [Int]
  /// Size of the image that goes out.
  public var output: ImageSize
  /// How many cells there may be.
  public var cells: ClosedRange<Int>
  public var channels: [Int]
  public var blocks: [Candidate.Block]
  public var schemes: [PruningScheme]
  /// Rates of block-punched, unstructured and filter pruning.
  public var rates: [Double]
  /// Rates of patterns: all kernels over kept ones.
  public var connectivities: [Double]

  /// The space of the papers: up to 16 cells of 16, 24 or 32 channels, with the rates of NPAS (Li et
  /// al., CVPR 2021) and PatDNN's connectivity.
  public init(
    scales: [Int] = [2, 3, 4], output: ImageSize = .standard, cells: ClosedRange<Int> = 1...16,
    channels: [Int] = [16, 24, 32], blocks: [Candidate.Block] = Candidate.Block.allCases,
    schemes: [PruningScheme] = PruningScheme.allCases, rates: [Double] = [2, 2.5, 3, 5, 7, 10],
    connectivities: [Double] = [1, 2, 3.6]
  ) {
    self.scales = scales
    self.output = output
    self.cells = cells
    self.channels = channels
    self.blocks = blocks
    self.schemes = schemes
    self.rates = rates
    self.connectivities = connectivities
  }
}

extension Candidate {
  /// A random member of a space: each choice is made evenly among what its place can take. The same
  /// generator gives the same candidate on every machine.
  ///
  /// - Throws: What the space lacks, or makes of this candidate that is no network.
  public static func random(
    in space: CandidateSpace, using generator: inout SplitMix64
  ) throws(InvalidNetwork) -> Candidate {
    let scale = try generator.pick(space.scales, "scales")
    let channels = try generator.pick(space.channels, "channels")
    let count = try generator.pick(Array(space.cells), "cells")
    var cells: [Cell] = []
    for _ in 0..<count {
      let block = try generator.pick(space.blocks, "blocks")
      let layers = try block.kernels.enumerated().map { index, kernel throws(InvalidNetwork) in
        let isLast = index == block.kernels.count - 1
        let fitting = space.schemes.filter {
          ($0 != .pattern || kernel == 3) && ($0 != .filter || !isLast)
        }
        let scheme = try generator.pick(fitting.isEmpty ? [.none] : fitting, "schemes")
        return switch scheme {
        case .none: Layer(.none)
        case .pattern:
          Layer(scheme, rate: try generator.pick(space.connectivities, "connectivities"))
        default: Layer(scheme, rate: try generator.pick(space.rates, "rates"))
        }
      }
      cells.append(Cell(block, middle: block.middle(channels: channels), layers: layers))
    }
    let candidate = Candidate(
      scale: scale, input: space.output.divided(by: scale), channels: channels, cells: cells,
      seed: UInt32(truncatingIfNeeded: generator.next()))
    try candidate.validate()
    return candidate
  }
}

extension SplitMix64 {
  fileprivate mutating func pick<Element>(
    _ elements: [Element], _ what: String
  ) throws(InvalidNetwork) -> Element {
    guard !elements.isEmpty else { throw InvalidNetwork("the search space has no \(what)") }
    return elements[below(elements.count)]
  }
}
