import Networks
import Testing
import Workloads

@Suite struct `A candidate` {
  private let text = """
    {"scale": 2, "output": "1280x720", "channels": 24, "cells": [
      {"block": "wdsr-a"},
      {"block": "wdsr-b", "middle": [144, 20], "layers": [
        {"scheme": "filter", "rate": 2}, {"scheme": "block-punched", "rate": 4},
        {"scheme": "pattern"}]}]}
    """

  private func mistake(_ text: String) -> String {
    do {
      _ = try Candidate(json: Array(text.utf8))
      return "none"
    } catch { return "\(error)" }
  }

  @Test func `is what its file says`() throws {
    let graph = try Candidate(json: Array(text.utf8)).graph()
    #expect(graph[graph.input] == MapShape(channels: 3, height: 360, width: 640))
    #expect(graph[graph.output] == MapShape(channels: 3, height: 720, width: 1280))
    let layers = graph.nodes.compactMap { node in
      if case .convolution(let it) = node.layer { it } else { nil }
    }
    #expect(layers.map(\.outputs) == [24, 96, 24, 72, 20, 24, 12, 12])
    #expect(layers.map(\.kernel) == [3, 3, 3, 1, 1, 3, 3, 5])
    #expect(layers[4].pruning == Pruning(.blockPunched, rate: 4))
    #expect(layers[5].pruning == Pruning(.pattern(.default), rate: 1))
    #expect(layers.compactMap(\.pruning).count == 2)
  }

  /// With the usual widths it is the family of the zoo.
  @Test func `of one block is the network of its family`() throws {
    let cell = Candidate.Cell(.wdsrB, middle: Candidate.Block.wdsrB.middle(channels: 32))
    let candidate = Candidate(
      scale: 4, input: ImageSize(width: 320, height: 180), channels: 32,
      cells: [Candidate.Cell](repeating: cell, count: 16))
    let graph = try candidate.graph()
    let family = try NetworkDescription(parsing: "wdsr-b:scale=4").graph()
    #expect(graph.parameterCount == family.parameterCount)
    #expect(graph.macs == family.macs)
  }

  @Test func `is read as it is written`() throws {
    let candidate = try Candidate(json: Array(text.utf8))
    #expect(try Candidate(json: Array(candidate.json.utf8)) == candidate)
  }

  /// A cell has as many weights as the zoo's block of the same name.
  @Test(arguments: [
    (Candidate.Block.invertedResidual, "block-inverted-residual"), (.ghost, "block-ghost"),
    (.shuffle, "block-shuffle"), (.idle, "block-idle"), (.splitSR, "block-splitsr"),
  ])
  func `has lightweight blocks that are those of the zoo`(
    block: Candidate.Block, family: String
  ) throws {
    func count(_ cells: Int) throws -> Int {
      let cell = Candidate.Cell(block, middle: block.middle(channels: 32))
      let candidate = Candidate(
        scale: 2, input: ImageSize(width: 32, height: 18), channels: 32,
        cells: [Candidate.Cell](repeating: cell, count: cells))
      #expect(try Candidate(json: Array(candidate.json.utf8)) == candidate)
      return try candidate.graph().parameterCount.total
    }
    let zoo = try NetworkDescription(parsing: "\(family):channels=32,input=32x18").graph()
    #expect(try count(3) - count(2) == zoo.parameterCount.total)
  }

  @Test(arguments: [
    ("", "line 1: the text ends too soon"),
    ("[]", "is a list, not an object"),
    ("{\"scale\": 2,\n}", "line 2: a key in quotes is missing"),
    ("{\"scale\": 2\n\n \"channels\": 8}", "line 3: ',' or '}' is missing"),
    ("{\"scale\" 2}", "line 1: ':' is missing"),
    ("{\"scale\": two}", "line 1: 'true' is misspelt"),
    ("{\"scale\": 1e999}", "line 1: no JSON value can begin or go on like this"),
    ("{\"scale\": 2} {}", "line 1: something follows the end"),
    ("{\"sca", "line 1: the text ends too soon"),
    (String(repeating: "[", count: 100_000), "line 1: more than 64 values inside each other"),
    ("{\"scale\": 2}", "channels: is missing"),
    ("{\"scale\": 2, \"chanels\": 3}", "unknown key 'chanels'; did you mean 'channels'?"),
    ("{\"scale\": 2, \"scale\": 3}", "line 1: key 'scale' is there twice"),
    ("{\"scale\": 2.5}", "scale: is a whole number, not 2.5"),
    ("{\"scale\": \"2\"}", "scale: is a text, not a number"),
    ("{\"scale\": null}", "scale: is null, not a number"),
    ("{\"scale\": 5, \"channels\": 8, \"cells\": []}", "scale: is 2, 3 or 4, not 5"),
    ("{\"scale\": 2, \"channels\": 8, \"cells\": []}", "cells: are 1 to 256, not 0"),
    ("{\"scale\": 2, \"channels\": 8, \"cells\": {}}", "cells: is an object, not a list"),
    ("{\"scale\": 2, \"channels\": 8, \"cells\": [1]}", "cells[0]: is a number, not an object"),
    (
      "{\"scale\": 2, \"channels\": 8, \"output\": \"720p\", \"cells\": []}",
      "output: is WIDTHxHEIGHT, as in \"1280x720\", not \"720p\""
    ),
    (
      "{\"scale\": 2, \"channels\": 1000000000000000, \"cells\": [{\"block\": \"wdsr-b\"}]}",
      "channels: is 1 to 512, not 1000000000000000"
    ),
  ])
  func `with a mistake is refused with its place`(text: String, sentence: String) {
    #expect(mistake(text) == sentence)
  }

  @Test(arguments: [
    ("{}", "cells[0].block: is missing"),
    ("{\"block\": \"wdsr-c\"}", "cells[0].block: no block 'wdsr-c'; did you mean 'wdsr-a'?"),
    (
      "{\"block\": \"wdsr-b\", \"layer\": []}",
      "cells[0]: unknown key 'layer'; did you mean 'layers'?"
    ),
    ("{\"block\": \"wdsr-b\", \"layers\": []}", "cells[0].layers: wdsr-b has 3 layers, not 0"),
    (
      "{\"block\": \"wdsr-b\", \"middle\": [9]}",
      "cells[0].middle: wdsr-b has 2 widths within, not 1"
    ),
    ("{\"block\": \"wdsr-a\", \"middle\": [0]}", "cells[0].middle[0]: is 1 to 8192, not 0"),
    (
      "{\"block\": \"ghost\", \"middle\": [9]}",
      "cells[0].middle[0]: ghost halves widths, and this is 9"
    ),
    (
      "{\"block\": \"ghost\", \"layers\": [{\"scheme\": \"filter\", \"rate\": 2}, {\"scheme\": \"none\"}]}",
      "cells[0].layers[0].scheme: filter is not for ghost"
    ),
    (
      "{\"block\": \"splitsr\", \"layers\": [{\"scheme\": \"filter\", \"rate\": 2}]}",
      "cells[0].layers[0].scheme: filter is not for the last layer of a cell, whose channels are those between cells"
    ),
    (
      "{\"block\": \"idle\", \"layers\": [{\"scheme\": \"pattern\"}, {\"scheme\": \"none\"}]}",
      "cells[0].layers[0].scheme: pattern is for 3x3 kernels, this layer is 1x1"
    ),
  ])
  func `with a mistake in a cell is refused with its place`(cell: String, sentence: String) {
    #expect(mistake("{\"scale\": 2, \"channels\": 8, \"cells\": [\(cell)]}") == sentence)
  }

  @Test(arguments: [
    ("ghost", 7, "ghost halves channels, and there are 7"),
    ("shuffle", 5, "shuffle halves channels, and there are 5"),
    ("idle", 1, "idle parts channels, and there is one alone"),
    ("splitsr", 1, "splitsr parts channels, and there is one alone"),
  ])
  func `with channels that a block cannot part is refused`(
    block: String, channels: Int, sentence: String
  ) {
    let cells = "[{\"block\": \"\(block)\"}]"
    #expect(
      mistake("{\"scale\": 2, \"channels\": \(channels), \"cells\": \(cells)}")
        == "cells[0].block: \(sentence)")
  }

  @Test(arguments: [
    (0, "\"scheme\": \"pattern\"", ".scheme: pattern is for 3x3 kernels, this layer is 1x1"),
    (
      2, "\"scheme\": \"filter\", \"rate\": 2",
      ".scheme: filter is not for the last layer of a cell, whose channels are those between cells"
    ),
    (1, "\"scheme\": \"filter\"", ": filter needs a rate, as in \"rate\": 4"),
    (1, "\"scheme\": \"filter\", \"rate\": 100", ".rate: 100 leaves no filter"),
    (1, "\"scheme\": \"filter\", \"rate\": 0.5", ".rate: is 1 to 1024, not 0.5"),
    (1, "\"scheme\": \"none\", \"rate\": 2", ".rate: is for a layer with a scheme, this has none"),
    (1, "\"scheme\": \"patern\"", ".scheme: no scheme 'patern'; did you mean 'pattern'?"),
    (1, "\"scheme\": \"none\", \"ratio\": 2", ": unknown key 'ratio'; there are scheme, rate"),
  ])
  func `with a mistake in a layer is refused with its place`(
    index: Int, layer: String, sentence: String
  ) {
    var layers = ["{\"scheme\": \"none\"}", "{\"scheme\": \"none\"}", "{\"scheme\": \"none\"}"]
    layers[index] = "{\(layer)}"
    let cell = "{\"block\": \"wdsr-b\", \"layers\": [\(layers.joined(separator: ", "))]}"
    let text = "{\"scale\": 2, \"channels\": 8, \"cells\": [{\"block\": \"wdsr-a\"}, \(cell)]}"
    #expect(mistake(text) == "cells[1].layers[\(index)]\(sentence)")
  }
}
