import Profiles
import Testing

@Suite("A mistake in a profile")
struct ProfileErrorTests {
  /// The text with `items` from line 3 on.
  private static func yaml(_ items: String) -> String {
    "name: test\nmaps: [[9, 16]]\nworkloads:\n\(items)\n"
  }

  private static func error(_ yaml: String) -> ProfileError? {
    do throws(ProfileError) {
      _ = try Profile(yaml: yaml, file: "my.yaml")
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "in an item is told with its line and column",
    arguments: [
      // Types
      (
        "- add: { channels: three }",
        "my.yaml:4:20: channels is a whole number, not 'three'"
      ),
      (
        "- convolution: { kernel: [1, 2.5], channels: [[1, 1]] }",
        "my.yaml:4:30: kernel is a whole number, not '2.5'"
      ),
      ("- add: { channels: }", "my.yaml:4:20: channels is a whole number, not nothing"),
      ("- add: { channels: { a: 1 } }", "my.yaml:4:20: channels is a list, not a map"),
      ("- add: { channels: [[1]] }", "my.yaml:4:21: channels is a whole number, not a list"),
      (
        "- add: { channels: 99999999999999999999 }",
        "my.yaml:4:20: channels does not fit in 64 bits: '99999999999999999999'"
      ),
      // Unknown words
      (
        "- convolution:\n    kernel: 3\n    chanels: [[1, 1]]",
        "my.yaml:6:5: unknown key 'chanels'; did you mean 'channels'?"
      ),
      (
        "- add: { colour: 3 }",
        "my.yaml:4:10: unknown key 'colour'; an add has channels, maps"
      ),
      (
        "- convolutoin: {}",
        "my.yaml:4:3: unknown operator 'convolutoin'; did you mean 'convolution'?"
      ),
      (
        "- resize: { mode: cubic, factor: 2, channels: 3 }",
        "my.yaml:4:19: mode is one of nearest, bilinear, not 'cubic'"
      ),
      (
        "- convolution: { kernel: 3, channels: [[8, 8]], groups: 4 }",
        "my.yaml:4:57: groups are 1, equal to input and output channels (depthwise), or leave "
          + "multiples of 4 channels in each, unlike 4 for 8 -> 8"
      ),
      (
        "- convolution: { kernel: 3, channels: [[8, 8]], passing: 6 }",
        "my.yaml:4:58: channels pass in multiples of 4, behind a multiple of 4 input channels, not 6 "
          + "behind 8"
      ),
      (
        "- softmax: {}",
        "my.yaml:4:3: unknown operator 'softmax'; there are convolution, depthwise, add, "
          + "pixelShuffle, concat, channelScale, globalAveragePool, multiply, copy, resize"
      ),
      (
        "- depthwise: { kernel: 3, channels: 4, activation: [none, rellu] }",
        "my.yaml:4:59: activation is not 'rellu'; did you mean 'relu'?"
      ),
      (
        "- depthwise: { kernel: 3, channels: 4, residual: before }",
        "my.yaml:4:50: residual is not 'before'; did you mean 'beforeActivation'?"
      ),
      ("- add: { ? [channels] : 3 }", "my.yaml:4:12: a key is a word, not a list or a map"),
      // Empty
      (
        "- convolution: { kernel: [], channels: [[1, 1]] }",
        "my.yaml:4:26: kernel is an empty list, which leaves nothing to measure"
      ),
      ("  []", "my.yaml:4:3: workloads is an empty list, which leaves nothing to measure"),
      // Missing
      ("- convolution: { channels: [[1, 1]] }", "my.yaml:4:16: a convolution needs kernel"),
      (
        "- convolution: { kernel: 3, inputs: 3 }",
        "my.yaml:4:16: a convolution needs channels (a list of [in, out] pairs), or inputs and outputs"
      ),
      ("- pixelShuffle: { channels: 3 }", "my.yaml:4:17: a pixelShuffle needs factor"),
      // Shape of the file
      (
        "- add",
        "my.yaml:4:3: an item of workloads is one operator and its axes, "
          + "such as 'add: { channels: 32 }'"
      ),
      ("- add: 32", "my.yaml:4:8: an add is described by keys and values: channels, maps"),
      (
        "- add:\n  channels: 32",
        "my.yaml:5:3: an item of workloads has one operator; 'channels' is a second key "
          + "(is it to be indented below 'add', or to begin with '- '?)"
      ),
      (
        "- convolution: { kernel: 3, channels: [32, 16] }",
        "my.yaml:4:39: channels is a list of [in, out] pairs, as in [[32, 16]]; a pair stands in "
          + "brackets of its own, unlike '32'"
      ),
      (
        "- convolution: { kernel: 3, channels: 32 }",
        "my.yaml:4:39: channels is a list of [in, out] pairs, as in [[32, 16]], not '32'"
      ),
      (
        "- concat: { channels: [[1, 2], [1, 2, 3]] }",
        "my.yaml:4:32: channels is a list of [first, second] pairs, as in [[32, 16]]; "
          + "this one has 3 numbers"
      ),
      (
        "- convolution: { kernel: 3, channels: [[1, 1]], outputs: 3 }",
        "my.yaml:4:58: give channels, or inputs and outputs, but not channels and outputs"
      ),
      (
        "- depthwise: { kernel: 3, channels: 4, activation: relu, epilogue: relu }",
        "my.yaml:4:52: activation and epilogue mean the same; give one of them"
      ),
      // Invalid shapes
      (
        "- add: { channels: [4, -1] }", "my.yaml:4:24: the number of channels is at least 1, not -1"
      ),
      (
        "- convolution: { kernel: 3, channels: [[4, 4], [4, 0]] }",
        "my.yaml:4:52: the number of output channels is at least 1, not 0"
      ),
      (
        "- depthwise: { kernel: 3, channels: 2000000 }",
        "my.yaml:4:37: the number of input channels is at most 1048576, not 2000000"
      ),
      (
        "- convolution: { kernel: [3, 4], channels: [[1, 1]] }",
        "my.yaml:4:30: a kernel is odd and at most 31, not 4"
      ),
      (
        "- convolution: { kernel: 3, channels: [[1, 1]], stride: 3 }",
        "my.yaml:4:57: a stride is 1 or 2, not 3"
      ),
      (
        "- convolution: { kernel: 3, channels: [[1, 10]], shuffle: [1, 2] }",
        "my.yaml:4:63: 10 output channels do not divide by the 4 of a pixel-shuffle store of 2"
      ),
      (
        "- depthwise: { kernel: 3, channels: 4, activation: 'clip[1,2]' }",
        "my.yaml:4:52: a clip interval includes zero and is finite, unlike clip[1,2]"
      ),
      (
        "- pixelShuffle: { factor: 5, channels: 3 }",
        "my.yaml:4:27: a pixel-shuffle factor is 2, 3 or 4, not 5"
      ),
      (
        "- add: { channels: 1, maps: [[9, 16], [0, 16]] }",
        "my.yaml:4:40: the map's height is at least 1, not 0"
      ),
      (
        "- convolution: { kernel: 31, channels: [[1048576, 1048576]], maps: [[1048576, 1048576]] }",
        "my.yaml:4:3: the sizes together are too large: no operand has more than 2^50 elements, "
          + "and no workload more than 2^50 multiply-accumulates"
      ),
      // YAML
      ("- add: { channels: 3, channels: 4 }", "my.yaml:4:10: duplicate key 'channels'"),
      ("- add: { channels: *none }", "my.yaml:4:20: this is not YAML: found undefined alias"),
    ])
  func item(_ items: String, _ expected: String) {
    #expect(Self.error(Self.yaml(items))?.description == expected)
  }

  @Test(
    "outside the items is told with its line and column",
    arguments: [
      ("", "my.yaml:1:1: the file is empty; a profile has a name"),
      ("# nothing\n", "my.yaml:1:1: the file is empty; a profile has a name"),
      (
        "quick",
        "my.yaml:1:1: a profile is described by keys and values: name, description, rowSeconds, "
          + "elementTypes, maps, workloads"
      ),
      ("workloads: [{ add: { channels: 3 } }]", "my.yaml:1:1: a profile needs name"),
      ("name: x\nmaps: [[1, 1]]\n", "my.yaml:1:1: a profile needs workloads"),
      ("name: [x]\nworkloads: []\n", "my.yaml:1:7: name is text, not a list"),
      ("nmae: x", "my.yaml:1:1: unknown key 'nmae'; did you mean 'name'?"),
      ("name: x\nname: y\n", "my.yaml:1:1: duplicate key 'name'"),
      (
        "name: x\nrowSeconds: -2\nworkloads: []",
        "my.yaml:2:13: rowSeconds is a number of seconds above 0 and at most 86400, not '-2'"
      ),
      (
        "name: x\nrowSeconds: nan\nworkloads: []",
        "my.yaml:2:13: rowSeconds is a number of seconds above 0 and at most 86400, not 'nan'"
      ),
      (
        "name: x\nelementTypes: [float23]\nworkloads: []",
        "my.yaml:2:16: elementTypes is not 'float23'; did you mean 'float32'?"
      ),
      (
        "name: x\nmaps: [90, 160]\nworkloads: []",
        "my.yaml:2:7: maps is a list of [height, width] pairs, as in [[32, 16]]; a pair stands in "
          + "brackets of its own, unlike '90'"
      ),
      ("name: x\nworkloads: 3\n", "my.yaml:2:12: workloads is a list, not '3'"),
      (
        "name: x\nworkloads:\n- add: { channels: 3 }\n",
        "my.yaml:3:8: an add needs maps, its own or the profile's"
      ),
      (
        "name: x\nmaps: [[9, 16]\nworkloads: []\n",
        "my.yaml:3:1: this is not YAML: while parsing a flow sequence, did not find expected ',' "
          + "or ']'"
      ),
      (
        "name: x\n\tmaps: 3\n",
        "my.yaml:2:1: this is not YAML: while scanning a plain scalar, found a tab character that "
          + "violates indentation"
      ),
      (
        "name: 'x",
        "my.yaml:1:9: this is not YAML: while scanning a quoted scalar, found unexpected end of stream"
      ),
      (
        "name: x\n--- \nname: y\n",
        "my.yaml:2:1: this is not YAML: expected a single document in the stream, but found another document"
      ),
      (
        "name: x\nmaps: \u{1}\n",
        "my.yaml:2:7: this is not YAML: control characters are not allowed"
      ),
    ])
  func file(_ yaml: String, _ expected: String) {
    #expect(Self.error(yaml)?.description == expected)
  }

  @Test("carries line and column as numbers")
  func numbers() throws {
    let error = try #require(Self.error("name: x\nworkloads: 3\n"))
    #expect(error.file == "my.yaml")
    #expect(error.line == 2)
    #expect(error.column == 12)
  }

  @Test("made of strange text is still told on one line")
  func oneLine() throws {
    let word = String(repeating: "a\\n", count: 1000)
    let error = try #require(Self.error(Self.yaml("- add: { channels: \"\(word)\" }")))
    #expect(!error.description.contains("\n"))
    #expect(error.description.count < 120)
  }

  @Test("by which a sweep is too large is found without making it")
  func hugeSweep() throws {
    let sizes = (1...1000).map(String.init).joined(separator: ", ")
    let list = "[\(sizes)]"
    let one = try #require(
      Self.error(Self.yaml("- convolution: { kernel: \(list), inputs: \(list), outputs: \(list) }"))
    )
    #expect(
      one.description
        == "my.yaml:4:3: this sweep makes 1000000000 workloads; a profile has at most 100000")
    let axes =
      "kernel: \(list), inputs: \(list), outputs: \(list), stride: \(list), shuffle: \(list)"
    let uncountable = try #require(
      Self.error(
        Self.yaml(
          "- convolution: { \(axes), activation: [\(String(repeating: "none, ", count: 100_000))], "
            + "maps: [\(String(repeating: "[1, 1], ", count: 1000))] }")))
    #expect(uncountable.sentence.hasPrefix("this sweep makes more workloads than can be counted"))
    let sum = try #require(
      Self.error(
        Self.yaml(
          """
          - convolution: { kernel: 1, inputs: \(list), outputs: [1, 2, 3] }
          - convolution: { kernel: 1, inputs: \(list), outputs: \(list) }
          """)))
    #expect(
      sum.description == "my.yaml:5:3: this sweep makes 1000000 workloads, after 3000 before it; "
        + "a profile has at most 100000")
  }

  @Test("of aliases that stand for billions of values is told at once")
  func aliasBombs() throws {
    var lines = ["name: x", "description: &a0 [b, b]"]
    for level in 1...40 { lines.append("x\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]") }
    let asValue = try #require(Self.error(lines.joined(separator: "\n")))
    #expect(asValue.description.hasPrefix("my.yaml:3:1: unknown key 'x1'"))
    for key in ["? *a40\n: 1", "*a40 : 1", "[*a40]: 1", "{ a: *a40 } : 1", "x: { ? [*a40] : 1 }"] {
      let asKey = try #require(Self.error((lines + [key]).joined(separator: "\n")))
      #expect(asKey.line == 43)
      #expect(asKey.sentence == "a key is a word here, not a list, a map or an alias")
    }
  }

  @Test("of nesting or of length is told, too")
  func nestingAndLength() throws {
    for depth in [900, 5_000, 200_000] {
      let deep = "name: " + String(repeating: "[", count: depth)
      #expect(Self.error(deep) != nil)
      let closed = deep + String(repeating: "]", count: depth)
      #expect(Self.error(closed) != nil)
    }
    let long = try #require(Self.error("name: x\n" + String(repeating: "#", count: 1 << 20)))
    #expect(
      long.description == "my.yaml:1:1: a profile is at most 1 MiB of text, not 1048584 bytes")
  }
}
