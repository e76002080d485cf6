import Workloads
import Yams

/// How a sweep prunes its convolutions.
enum Pruning {
  case none
  /// Whole filters: a smaller dense convolution.
  case filter(rate: Double)
  /// Whole input channels: a smaller dense convolution.
  case channel(rate: Double)
  /// Weights, by a mask drawn from a seed.
  case drawn(Sparsity.Scheme, rate: Double, seed: UInt32)
  /// Weights, by a mask from a file.
  case given(MaskFile)

  func applied(to convolution: Convolution) throws(InvalidWorkload) -> Convolution {
    switch self {
    case .none: convolution
    case .filter(let rate): try convolution.filterPruned(rate: rate)
    case .channel(let rate): try convolution.channelPruned(rate: rate)
    case .drawn(let scheme, let rate, let seed):
      try convolution.pruned(scheme, rate: rate, seed: seed)
    case .given(let file): try convolution.pruned(by: try file.mask(for: convolution))
    }
  }
}

extension Pruning {
  /// The schemes a profile may name, with the keys of each.
  private static let schemes: KeyValuePairs<String, [String]> = [
    "pattern": ["connectivity", "library", "seed"],
    "blockPunched": ["rate", "block", "seed"],
    "unstructured": ["rate", "seed"],
    "filter": ["rate"],
    "channel": ["rate"],
    "mask": [],
  ]

  /// Reads the values of `sparsity`: a list, or one of them alone.
  static func axis(
    _ value: Value, _ readFile: Profile.FileReader
  ) throws(ProfileError) -> Sweep.Axis {
    let items: [Value]
    if case .mapping = value.node { items = [value] } else { items = try value.scalars() }
    var axis: Sweep.Axis = []
    for item in items {
      for (pruning, position) in try choices(item, readFile) {
        axis.append {
          $0.pruning = pruning
          $0.positions[.sparsity] = position
        }
      }
    }
    return axis
  }

  /// What one item stands for: more than one pruning where a rate or a seed is a list.
  private static func choices(
    _ item: Value, _ readFile: Profile.FileReader
  ) throws(ProfileError) -> [(Pruning, Position)] {
    if item.node.scalar?.string == "none" { return [(.none, item.position)] }
    let choice = try Choice(
      item, of: "pruning scheme",
      "sparsity is none, or one scheme and its settings, such as '{ blockPunched: { rate: 4 } }', "
        + "not \(item.found)", in: schemes)
    if choice.word == "mask" {
      return [(.given(try MaskFile(choice.value, readFile)), choice.position)]
    }
    let fields = try Fields(choice.value, "\(choice.word) pruning", keys: choice.keys)
    let scheme = try scheme(choice.word, fields)
    let seeds = try fields["seed"].map { value throws(ProfileError) in try value.seeds() } ?? [1]
    var rates: [(Double, Position)] = [(1, choice.position)]
    // A pattern prunes by itself; everything else needs to know how much.
    if let value = choice.word == "pattern" ? fields["connectivity"] : try fields.required("rate") {
      rates = try value.scalars().map { element throws(ProfileError) in
        (try element.rate(), element.position)
      }
    }
    return rates.flatMap { rate, position in
      let prunings: [Pruning] =
        switch choice.word {
        case "filter": [.filter(rate: rate)]
        case "channel": [.channel(rate: rate)]
        default: seeds.map { .drawn(scheme, rate: rate, seed: $0) }
        }
      return prunings.map { ($0, position) }
    }
  }

  /// The scheme of a mask that is drawn.
  private static func scheme(
    _ word: String, _ fields: Fields
  ) throws(ProfileError) -> Sparsity.Scheme {
    switch word {
    case "pattern": .pattern(try fields["library"].map(library) ?? .default)
    case "blockPunched": try fields["block"].map(block) ?? .blockPunched
    default: .unstructured
    }
  }

  private static func library(_ value: Value) throws(ProfileError) -> PatternLibrary {
    let elements = try value.list()
    do throws(InvalidPattern) {
      return try PatternLibrary(elements.map { $0.node.scalar?.string ?? "" })
    } catch {
      let place = error.index.map { elements[$0] } ?? value
      throw place.error(error.description)
    }
  }

  private static func block(_ value: Value) throws(ProfileError) -> Sparsity.Scheme {
    guard case .sequence(let pair) = value.node, pair.count == 2 else {
      throw value.error("block is [filters, channels], as in [8, 4]")
    }
    return .blockPunched(
      filters: try value.sibling(pair[0]).wholeNumber(),
      channels: try value.sibling(pair[1]).wholeNumber())
  }
}

extension Value {
  /// Seeds of masks: a list, or one alone.
  fileprivate func seeds() throws(ProfileError) -> [UInt32] {
    try scalars().map { element throws(ProfileError) in
      guard let seed = UInt32(exactly: try element.wholeNumber()) else {
        throw element.error("seed is a whole number from 0 to \(UInt32.max), not \(element.found)")
      }
      return seed
    }
  }
}
