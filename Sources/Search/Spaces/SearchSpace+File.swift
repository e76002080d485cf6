internal import Networks
public import Profiles
internal import Workloads

extension SearchSpace {
  /// Reads a space file, in YAML or JSON.
  ///
  /// ```yaml
  /// family: wdsr                     # or splitsr
  /// scale: 2
  /// output: 1280x720                 # the default
  /// channels: [16, 24, 32]           # or one number
  /// cells: { from: 4, to: 16 }       # or one number
  /// blocks: [wdsr-a, wdsr-b]         # the default; also inverted-residual, ghost, shuffle, idle, splitsr
  /// schemes: [none, pattern, block-punched, unstructured, filter]   # all, by default
  /// rates: [1, 2, 3, 5, 10]          # of all layers that have a scheme
  /// expansion: 4                     # channels before the activation; by default each block's usual
  /// linear: 0.8                      # width of WDSR-B's low-rank convolution
  /// ```
  ///
  /// SplitSR has `ratios`, `hybrids`, `modes`, `locations`, `groups`, `blocks` and `channels` in place of
  /// channels to linear, all with defaults.
  ///
  /// - Parameters:
  ///   - file: What the text is called in errors.
  ///   - scale: In place of the file's, which may be without one then.
  /// - Throws: The first mistake, with its line and column.
  public init(yaml: String, file: String, scale: Int? = nil) throws(ProfileError) {
    let root = try Value(yaml: yaml, file: file, describing: "a search space", needing: "family")
    let keys = Array(Set(Self.wdsrKeys + Self.splitSRKeys)).sorted()
    let family = try Fields(root, "a search space", keys: keys).required("family")
    switch try family.word(["wdsr", "splitsr"], { ["wdsr", "splitsr"].contains($0) ? $0 : nil }) {
    case "wdsr":
      self = .wdsr(try Self.wdsr(try Fields(root, "a space of wdsr", keys: Self.wdsrKeys), scale))
    default:
      self = .splitSR(
        try Self.splitSR(try Fields(root, "a space of splitsr", keys: Self.splitSRKeys), scale))
    }
  }

  private static let wdsrKeys = [
    "family", "description", "scale", "output", "channels", "cells", "blocks", "schemes", "rates",
    "expansion", "linear",
  ]
  private static let splitSRKeys = [
    "family", "description", "scale", "output", "groups", "blocks", "channels", "ratios",
    "hybrids", "modes", "locations",
  ]

  private static func wdsr(
    _ fields: Fields, _ scale: Int?
  ) throws(ProfileError) -> WDSRSpace {
    let scale = try Self.scale(fields, scale)
    let output = try fields["output"]?.imageSize() ?? .standard
    let channels = try fields["channels"]?.wholeNumbers(in: 1...512) ?? [16, 24, 32]
    let cells = try fields["cells"]?.wholeRange(in: 1...256) ?? 1...16
    let blocks: [Candidate.Block] =
      try fields["blocks"]?.words() ?? Candidate.Block.wdsr
    let schemes: [PruningScheme] = try fields["schemes"]?.words() ?? PruningScheme.allCases
    let rates = try fields["rates"]?.numbers(in: 1...1024) ?? [1, 2, 2.5, 3, 5, 7, 10]
    let expansion = try fields["expansion"]?.wholeNumber(in: 1...16)
    let linear = try fields["linear"]?.number(in: 0.01...4) ?? 0.8
    do throws(InvalidNetwork) {
      return try WDSRSpace(
        scale: scale, output: output, channels: channels.sorted(), cells: cells, blocks: blocks,
        schemes: schemes, rates: rates.sorted(), expansion: expansion, linear: linear)
    } catch {
      throw fields.error(error.description)
    }
  }

  private static func splitSR(
    _ fields: Fields, _ scale: Int?
  ) throws(ProfileError) -> SplitSRSpace {
    let scale = try Self.scale(fields, scale)
    let output = try fields["output"]?.imageSize() ?? .standard
    let groups = try fields["groups"]?.wholeNumber(in: 1...64) ?? 6
    let blocks = try fields["blocks"]?.wholeNumber(in: 1...64) ?? 6
    let channels = try fields["channels"]?.wholeNumber(in: 2...512) ?? 64
    let ratios = try fields["ratios"]?.numbers(in: 0.01...1) ?? [0.125, 0.25, 0.5, 1]
    let hybrids = try fields["hybrids"]?.wholeNumbers(in: 0...64)
    let modes = try fields["modes"]?.words(["front", "back"])
    let locations = try fields["locations"]?.words(["features", "upsampler", "both"])
    do throws(InvalidNetwork) {
      return try SplitSRSpace(
        scale: scale, output: output, groups: groups, blocks: blocks, channels: channels,
        ratios: ratios.sorted(), hybrids: hybrids?.sorted(), modes: modes ?? ["front", "back"],
        locations: locations ?? ["features", "upsampler", "both"])
    } catch {
      throw fields.error(error.description)
    }
  }

  private static func scale(_ fields: Fields, _ scale: Int?) throws(ProfileError) -> Int {
    if let scale { return scale }
    return try fields.required("scale").wholeNumber(in: 2...4)
  }

  /// The space as a file that ``init(yaml:file:scale:)`` reads, on one line of JSON: the same for the same
  /// space, however its file was written.
  public var json: String {
    switch self {
    case .wdsr(let it):
      var members: [(String, JSON)] = [
        ("family", "wdsr"), ("scale", .whole(it.scale)), ("output", .text("\(it.output)")),
        ("channels", .list(it.channels.map(JSON.whole))),
        (
          "cells",
          .object([
            ("from", .whole(it.cells.lowerBound)), ("to", .whole(it.cells.upperBound)),
          ])
        ),
        (
          "blocks", .list(it.blocks.map { .text($0.rawValue) })
        ),
        (
          "schemes",
          .list(it.schemes.map { .text($0.rawValue) })
        ),
        ("rates", .list(it.rates.map(JSON.number))),
      ]
      if let expansion = it.expansion { members.append(("expansion", .whole(expansion))) }
      members.append(("linear", .number(it.linear)))
      return JSON.object(members).text
    case .splitSR(let it):
      return JSON.object([
        ("family", "splitsr"), ("scale", .whole(it.scale)), ("output", .text("\(it.output)")),
        ("groups", .whole(it.groups)), ("blocks", .whole(it.blocks)),
        ("channels", .whole(it.channels)), ("ratios", .list(it.ratios.map(JSON.number))),
        ("hybrids", .list(it.hybrids.map(JSON.whole))), ("modes", .list(it.modes.map(JSON.text))),
        ("locations", .list(it.locations.map(JSON.text))),
      ]).text
    }
  }
}

extension Value {
  fileprivate func imageSize() throws(ProfileError) -> ImageSize {
    guard let size = ImageSize(try text()) else {
      throw error("\(key) is WIDTHxHEIGHT, as in 1280x720, not \(found)")
    }
    return size
  }

  fileprivate func wholeNumber(in range: ClosedRange<Int>) throws(ProfileError) -> Int {
    let number = try wholeNumber()
    guard range ~= number else {
      throw error("\(key) is \(range.lowerBound) to \(range.upperBound), not \(number)")
    }
    return number
  }

  /// A list, or one value alone, of values that differ.
  fileprivate func distinct<T: Hashable>(
    _ read: (Value) throws(ProfileError) -> T
  ) throws(ProfileError) -> [T] {
    var list: [T] = []
    for value in try scalars() {
      let one = try read(value)
      guard !list.contains(one) else { throw value.error("\(key) has \(value.found) twice") }
      list.append(one)
    }
    return list
  }

  fileprivate func wholeNumbers(in range: ClosedRange<Int>) throws(ProfileError) -> [Int] {
    try distinct { value throws(ProfileError) in try value.wholeNumber(in: range) }
  }

  fileprivate func numbers(in range: ClosedRange<Double>) throws(ProfileError) -> [Double] {
    try distinct { value throws(ProfileError) in try value.number(in: range) }
  }

  /// One number, or `{ from: 4, to: 16 }`.
  fileprivate func wholeRange(in range: ClosedRange<Int>) throws(ProfileError) -> ClosedRange<Int> {
    guard isMap else {
      let number = try wholeNumber(in: range)
      return number...number
    }
    let fields = try Fields(self, "a range of \(key)", keys: ["from", "to"])
    let from = try fields.required("from").wholeNumber(in: range)
    let to = try fields.required("to").wholeNumber(in: range)
    guard from <= to else { throw error("\(key) is from \(from) to \(to), which is nothing") }
    return from...to
  }

  fileprivate func words<Word: RawRepresentable & CaseIterable & Hashable>()
    throws(ProfileError) -> [Word] where Word.RawValue == String
  {
    let words = Word.allCases.map(\.rawValue)
    return try distinct { value throws(ProfileError) in
      try value.word(words) { Word(rawValue: $0) }
    }
  }

  fileprivate func words(_ words: [String]) throws(ProfileError) -> [String] {
    try distinct { value throws(ProfileError) in
      try value.word(words) { words.contains($0) ? $0 : nil }
    }
  }
}
