import Networks
import Testing
import Workloads

@Suite struct `A network's description` {
  private func mistake(_ text: String) -> String {
    do {
      let description = try NetworkDescription(parsing: text)
      _ = try description.graph()
      return "none"
    } catch { return "\(error)" }
  }

  @Test(arguments: NetworkFamily.all.map(\.name))
  func `by its family alone is a network`(name: String) throws {
    let description = try NetworkDescription(parsing: name)
    let graph = try description.graph()
    #expect(description.description == name)
    #expect(!graph.nodes.isEmpty)
    #expect(graph.output == graph.nodes.last?.output)
    let (input, output) = (graph[graph.input], graph[graph.output])
    #expect(output.channels == input.channels)
    #expect(output.height == input.height * description.scale)
    #expect(output.width == input.width * description.scale)
    if !description.family.isBlock { #expect((output.width, output.height) == (1280, 720)) }
    #expect(Set(graph.nodes.map(\.name)).count == graph.nodes.count, "names are unique")
  }

  @Test(arguments: NetworkFamily.all.map(\.name))
  func `has keys that are explained and whose defaults are allowed`(name: String) throws {
    let description = try NetworkDescription(parsing: name)
    for key in description.family.keys {
      #expect(key.meaning.hasSuffix("."))
      #expect(description[key.name] == key.fallback)
      #expect(throws: Never.self) { try description.with(key.name, key.fallback) }
      #expect(throws: InvalidNetwork.self) { try description.with(key.name, "?") }
    }
    #expect(Set(description.family.keys.map(\.name)).count == description.family.keys.count)
  }

  @Test(arguments: [
    ("wdsr-b:blocks=16,scale=4", "wdsr-b:scale=4"),
    ("wdsr-b:scale=4,blocks=8", "wdsr-b:blocks=8,scale=4"),
    ("wdsr-b:output=1280x720", "wdsr-b"),
    ("wdsr-b:input=1280x720", "wdsr-b:input=1280x720"),
    ("wdsr-b:output=640x360,input=auto", "wdsr-b:output=640x360"),
    ("splitsr:alpha=1/8", "splitsr:alpha=0.125"),
    ("splitsr:alpha=0.50", "splitsr:alpha=0.5"),
  ])
  func `is printed in one way`(text: String, canonical: String) throws {
    let description = try NetworkDescription(parsing: text)
    #expect(description.description == canonical)
    #expect(try NetworkDescription(parsing: canonical) == description)
  }

  @Test(arguments: [
    ("wdsrb", "no network family 'wdsrb'; did you mean 'wdsr-b'?"),
    ("wdsr-b:block=3", "wdsr-b has no key 'block'; did you mean 'blocks'?"),
    ("wdsr-b:blocks=0", "wdsr-b: blocks is a whole number from 1 to 256, not '0'"),
    ("wdsr-b:blocks=many", "wdsr-b: blocks is a whole number from 1 to 256, not 'many'"),
    ("wdsr-b:blocks", "wdsr-b: 'blocks' is not key=value, as in blocks=16"),
    ("wdsr-b:", "wdsr-b: '' is not key=value, as in blocks=16"),
    ("wdsr-b:blocks=1,blocks=2", "wdsr-b: blocks is given twice"),
    (
      "wdsr-b:input=9x9,output=9x9",
      "wdsr-b: input and output exclude each other, as one gives the other"
    ),
    (
      "wdsr-b:output=1280",
      "wdsr-b: output is WIDTHxHEIGHT, each from 1 to 8192, not '1280'"
    ),
    (
      "wdsr-b:scheme=block-punched",
      "wdsr-b: scheme=block-punched prunes nothing at rate=1; give a rate above 1, as in rate=4"
    ),
    ("splitsr:mode=middle", "splitsr: mode is front, back, not 'middle'"),
    ("splitsr:alpha=1/0", "splitsr: alpha is a number from 0.01 to 1, not '1/0'"),
    ("splitsr:alpha=nan", "splitsr: alpha is a number from 0.01 to 1, not 'nan'"),
    ("sesr:scale=3", "sesr: scale is 2 or 4, not '3'"),
    (
      "carn-m:channels=62",
      "carn-m: node 'block0.conv0': 4 groups do not divide 62 -> 62"
    ),
    ("rcan:channels=8", "rcan: reduction=16 leaves none of 8 channels for attention"),
    ("feqe:output=1278x720", "feqe: node 'down1': 360x639 does not divide by 2"),
    ("block-shuffle:channels=5", "block-shuffle: channels divide by 2, unlike 5"),
    (
      "wdsr-b:scheme=unstructured,rate=1024,channels=1",
      "wdsr-b: node 'cell0.conv0': a pruned convolution keeps at least 1 of its 6 weights and at "
        + "most all, not 0"
    ),
  ])
  func `with a mistake is refused in one sentence`(text: String, sentence: String) {
    #expect(mistake(text) == sentence)
  }

  @Test func `lists what there is when nothing is near`() {
    #expect(
      mistake("resnet101").hasSuffix(
        "there are wdsr-a, wdsr-b, splitsr, splitsr-block, edsr, "
          + "rcan, carn-m, srcnn, fsrcnn, espcn, xlsr, abpn, ecbsr, sesr, quicksrnet, feqe, "
          + "block-splitsr, block-shuffle, block-inverted-residual, block-idle, block-ghost, "
          + "block-depthwise-separable"))
  }

  @Test func `at x3 rounds the size of what comes in`() throws {
    let graph = try NetworkDescription(parsing: "wdsr-b:scale=3").graph()
    #expect(graph[graph.input] == MapShape(channels: 3, height: 240, width: 427))
    #expect(graph[graph.output] == MapShape(channels: 3, height: 720, width: 1281))
  }

  @Test func `gives a graph for any size`() throws {
    let description = try NetworkDescription(parsing: "abpn:scale=4")
    let graph = try description.graph(input: ImageSize(width: 10, height: 6))
    #expect(graph[graph.output] == MapShape(channels: 3, height: 24, width: 40))
    let other = try description.with("input", "10x6")
    #expect(other.description == "abpn:scale=4,input=10x6")
    #expect(try other.with("output", "40x24").inputSize == ImageSize(width: 10, height: 6))
  }
}
