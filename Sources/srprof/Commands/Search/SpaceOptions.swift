internal import ArgumentParser
internal import Networks
internal import Profiles
internal import Search

/// The space that a search chooses from: a file, and what the command line says in its place.
struct SpaceOptions: ParsableArguments {
  @Option(
    help:
      "What is searched: wdsr, wdsr-small, lightweight, splitsr, or a file of your own, in YAML or JSON.",
    completion: .file(extensions: ["yaml", "json"]))
  var space = "wdsr"

  @Option(help: "How many times larger the image gets, in place of the space's.")
  var scale: Int?

  @Option(help: "Size of the image that goes out, in place of the space's (1280x720).")
  var output: String?

  @Option(
    help: "Channels between cells, in place of the space's: one number, or several with commas.")
  var channels: String?

  @Option(help: "Cells, in place of the space's: a number, or a range such as 4-16.")
  var cells: String?

  func validate() throws {
    if let scale, !(2...4 ~= scale) { throw ValidationError("--scale is 2, 3 or 4.") }
    if let output, ImageSize(output) == nil {
      throw ValidationError("--output is WIDTHxHEIGHT, such as 1280x720.")
    }
    if let channels, Self.numbers(channels, separator: ",") == nil {
      throw ValidationError("--channels is a number, or several with commas, such as 16,24.")
    }
    if let cells, range(cells) == nil {
      throw ValidationError("--cells is a number, or a range such as 4-16.")
    }
  }

  /// The space that is meant.
  func read() throws(CommandFailure) -> SearchSpace {
    let text = try NamedText(space, in: "Profiles/spaces/", what: "search space")
    let read: SearchSpace
    do throws(ProfileError) {
      read = try SearchSpace(yaml: text.text, file: text.file, scale: scale)
    } catch {
      throw CommandFailure(.badFile, error.description)
    }
    do throws(InvalidNetwork) { return try changed(read) } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  private func changed(_ space: SearchSpace) throws(InvalidNetwork) -> SearchSpace {
    let size = output.flatMap { ImageSize($0) }
    switch space {
    case .wdsr(let it):
      return .wdsr(
        try WDSRSpace(
          scale: it.scale, output: size ?? it.output,
          channels: channels.flatMap { Self.numbers($0, separator: ",") }?.sorted() ?? it.channels,
          cells: cells.flatMap(range) ?? it.cells, blocks: it.blocks, schemes: it.schemes,
          rates: it.rates, expansion: it.expansion, linear: it.linear))
    case .splitSR(let it):
      guard cells == nil else { throw InvalidNetwork("--cells is for spaces of wdsr, not splitsr") }
      let widths = channels.flatMap { Self.numbers($0, separator: ",") } ?? [it.channels]
      guard let width = widths.first, widths.count == 1 else {
        throw InvalidNetwork("--channels is one number for spaces of splitsr")
      }
      return .splitSR(
        try SplitSRSpace(
          scale: it.scale, output: size ?? it.output, groups: it.groups, blocks: it.blocks,
          channels: width, ratios: it.ratios, hybrids: it.hybrids, modes: it.modes,
          locations: it.locations))
    }
  }

  private func range(_ text: String) -> ClosedRange<Int>? {
    guard let ends = Self.numbers(text, separator: "-"), let first = ends.first,
      let last = ends.last, ends.count <= 2, first <= last
    else { return nil }
    return first...last
  }

  /// Whole numbers above 0 between separators.
  private static func numbers(_ text: String, separator: Character) -> [Int]? {
    let numbers = text.split(separator: separator, omittingEmptySubsequences: false)
      .map { Int($0) }
    guard !numbers.contains(where: { ($0 ?? 0) < 1 }) else { return nil }
    return numbers.compactMap(\.self)
  }
}
