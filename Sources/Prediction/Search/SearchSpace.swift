public import Workloads

/// What a search chooses from: a network of cells, each cell one of several blocks, each layer of a
/// block executed in one of several ways (dense, or pruned by some scheme and rate).
///
/// The cost of a cell depends on its own choices alone: no choice changes the shapes of another cell.
public struct SearchSpace: Hashable, Sendable {
  /// One way to execute a layer.
  public struct Option: Hashable, Sendable {
    /// Such as `dense` or `pattern x3.6`.
    public let name: String
    /// Workloads it is lowered to; most often one.
    public let workloads: [Workload]

    public init(name: String, workloads: [Workload]) {
      self.name = name
      self.workloads = workloads
    }
  }

  /// A layer and the ways to execute it: 1 to 256.
  public struct Layer: Hashable, Sendable {
    public let options: [Option]

    public init(options: [Option]) { self.options = options }
  }

  /// A block that a cell may be.
  public struct Block: Hashable, Sendable {
    public let name: String
    public let layers: [Layer]

    public init(name: String, layers: [Layer]) {
      self.name = name
      self.layers = layers
    }
  }

  /// Blocks that each cell may be: 1 to 256 a cell.
  public let cells: [[Block]]
  /// Workloads that every candidate has: head, tail, global skip.
  public let fixed: [Workload]

  /// A space in which there is something to choose for each cell and layer; `nil` for lists that are
  /// empty or longer than 256.
  public init?(cells: [[Block]], fixed: [Workload]) {
    let lists = cells.map(\.count) + cells.joined().flatMap { $0.layers.map(\.options.count) }
    guard lists.allSatisfy({ 1...256 ~= $0 }) else { return nil }
    self.cells = cells
    self.fixed = fixed
  }

  /// Most layers that a block has.
  public var layersPerCell: Int { cells.joined().map(\.layers.count).max() ?? 0 }
}

/// A point of a search space, in one byte for each choice.
public struct EncodedCandidate: Hashable, Sendable {
  /// Bytes of a cell: its block, then the option of each layer; 0 where the block has fewer layers.
  public let stride: Int
  public internal(set) var choices: [UInt8]

  /// The candidate that takes the first of everything.
  public init(in space: SearchSpace) {
    stride = space.layersPerCell + 1
    choices = [UInt8](repeating: 0, count: space.cells.count * stride)
  }

  /// A candidate drawn from a space, every block and option of a layer as likely as the others.
  public init(in space: SearchSpace, using generator: inout some RandomNumberGenerator) {
    self.init(in: space)
    for (cell, blocks) in space.cells.enumerated() {
      let block = Int.random(in: blocks.indices, using: &generator)
      choices[cell * stride] = UInt8(block)
      for (layer, it) in blocks[block].layers.enumerated() {
        choices[cell * stride + 1 + layer] = UInt8(
          Int.random(in: it.options.indices, using: &generator))
      }
    }
  }

  /// Which block a cell is.
  public func block(ofCell cell: Int) -> Int { Int(choices[cell * stride]) }

  /// Which way a layer of a cell is executed.
  public func option(ofCell cell: Int, layer: Int) -> Int {
    Int(choices[cell * stride + 1 + layer])
  }

  /// Applies a mutation.
  public mutating func apply(_ mutation: Mutation) {
    switch mutation {
    case .layer(let cell, let layer, let option):
      choices[cell * stride + 1 + layer] = UInt8(option)
    case .cell(let cell, let block, let options):
      choices[cell * stride] = UInt8(block)
      for layer in 0..<stride - 1 {
        choices[cell * stride + 1 + layer] = UInt8(layer < options.count ? options[layer] : 0)
      }
    }
  }
}

/// A change of one cell or of one layer.
public enum Mutation: Hashable, Sendable {
  /// Another option for one layer.
  case layer(cell: Int, layer: Int, option: Int)
  /// Another block for one cell, with an option for each of its layers.
  case cell(cell: Int, block: Int, options: [Int])
}
