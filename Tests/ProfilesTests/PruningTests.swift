import Profiles
import Testing
import Workloads

@Suite("A profile's sparsity")
struct PruningTests {
  private static let files = [
    "masks/a.txt":
      "# two filters of two channels\n100 010 001\n000000000\n\n111000000 # last\n000111000\r\n",
    "masks/single.txt": "1\n0\n1\n1",
    "masks/empty.txt": "# nothing\n",
    "masks/zero.txt": "000000000\n000000000\n000000000\n000000000\n",
    "masks/digits.txt": "100000000\n010000000\n01000000\n010000000\n",
    "masks/side.txt": "1000\n",
    "masks/binary.txt": "100000000\n01000 2000\n",
    "masks/bytes.txt": "1000000é0\n",
  ]

  private static func profile(_ items: String) throws(ProfileError) -> Profile {
    try Profile(
      yaml: "name: x\nmaps: [[9, 16]]\nworkloads:\n\(items)\n", file: "masks/my.yaml"
    ) { path throws(UnreadableFile) in
      guard let text = files[path] else { throw UnreadableFile(reason: "no such file") }
      return Array(text.utf8)
    }
  }

  private static func item(_ sparsity: String, _ kernel: Int = 3) -> String {
    "- convolution: { kernel: \(kernel), channels: [[16, 32]], sparsity: \(sparsity) }"
  }

  private static func names(_ item: String) throws -> [String] {
    try profile(item).workloads.map { $0.name }
  }

  @Test(
    "makes every scheme",
    arguments: [
      ("none", ["conv3x3 16->32 9x16"]),
      ("[{ pattern: {} }]", ["conv3x3 16->32 9x16 pattern:2048/4608"]),
      ("{ pattern: {} }", ["conv3x3 16->32 9x16 pattern:2048/4608"]),
      (
        "[{ pattern: { connectivity: 3.6, library: [010111010, 111010001], seed: 3 } }]",
        ["conv3x3 16->32 9x16 pattern:710/4608 library:7803f5d97cd81103 seed3"]
      ),
      ("[{ blockPunched: { rate: 4 } }]", ["conv3x3 16->32 9x16 blockpunched:1152/4608"]),
      (
        "[{ blockPunched: { rate: 4, block: [16, 2], seed: [1, 2] } }]",
        [
          "conv3x3 16->32 9x16 blockpunched:1152/4608 block16x2",
          "conv3x3 16->32 9x16 blockpunched:1152/4608 block16x2 seed2",
        ]
      ),
      ("[{ unstructured: { rate: 10 } }]", ["conv3x3 16->32 9x16 unstructured:461/4608"]),
      ("[{ filter: { rate: 2 } }]", ["conv3x3 16->16 9x16"]),
      ("[{ channel: { rate: 3 } }]", ["conv3x3 5->32 9x16"]),
      (
        "[none, { filter: { rate: [1, 2] } }, { unstructured: { rate: [1, 4608] } }]",
        ["conv3x3 16->16 9x16", "conv3x3 16->32 9x16", "conv3x3 16->32 9x16 unstructured:1/4608"]
      ),
    ])
  func schemes(_ sparsity: String, _ names: [String]) throws {
    #expect(try Self.names(Self.item(sparsity)) == names)
  }

  @Test("is an axis beside the others, in float16 too")
  func axis() throws {
    let profile = try Profile(
      yaml: """
        name: x
        elementTypes: [float32, float16]
        maps: [[9, 16], [5, 7]]
        workloads:
          - convolution:
              kernel: [1, 3]
              channels: [[16, 32], [19, 25]]
              sparsity: [none, { blockPunched: { rate: [2, 4] } }]
          - add: { channels: 8 }
        """, file: "x")
    #expect(profile.workloads.count == 2 * 2 * (2 * 2 * 3 + 1))
    #expect(profile.workloads.count { $0.elementType == .float16 } == 26)
  }

  @Test("takes masks from files beside the profile")
  func masks() throws {
    let item = "- convolution: { kernel: 3, channels: [[2, 2]], sparsity: { mask: a.txt } }"
    let workload = try #require(try Self.profile(item).workloads.first)
    let mask = try #require(workload.mask)
    let kernels = (0..<4).map { kernel in
      String((0..<9).map { mask[kernel / 2, kernel % 2, $0] ? "1" : "0" })
    }
    #expect(kernels == ["100010001", "000000000", "111000000", "000111000"])
    #expect(workload.name.hasSuffix("mask:\(mask.digest)"))
    let points = "- convolution: { kernel: 1, channels: [[2, 2]], sparsity: { mask: single.txt } }"
    #expect(try #require(try Self.profile(points).workloads.first).macs == 3 * 9 * 16)
  }

  @Test(
    "opens no mask outside the profile's folder",
    arguments: [
      "/etc/passwd", "../a.txt", "below/../../a.txt", "..", "/dev/zero", "./../masks/a.txt",
    ])
  func outside(mask: String) {
    let error = #expect(throws: ProfileError.self) {
      _ = try Profile(
        yaml: "name: x\nmaps: [[9, 16]]\nworkloads:\n\(Self.item("{ mask: '\(mask)' }"))\n",
        file: "masks/my.yaml"
      ) { path throws(UnreadableFile) in
        Issue.record("\(path) is opened")
        throw UnreadableFile(reason: "opened")
      }
    }
    #expect(
      error?.description
        == "masks/my.yaml:4:69: the mask '\(mask)' is outside the profile's folder; masks lie beside "
        + "the profile")
  }

  @Test(
    "that is wrong is told with its line and column",
    arguments: [
      (
        "nonne",
        "my.yaml:4:61: sparsity is none, or one scheme and its settings, such as '{ blockPunched: { rate: 4 } }', not 'nonne'"
      ),
      (
        "[none, [1]]",
        "my.yaml:4:68: sparsity is none, or one scheme and its settings, such as '{ blockPunched: { rate: 4 } }', not a list"
      ),
      ("{ patern: {} }", "my.yaml:4:63: unknown pruning scheme 'patern'; did you mean 'pattern'?"),
      (
        "{ magnitude: {} }",
        "my.yaml:4:63: unknown pruning scheme 'magnitude'; there are pattern, blockPunched, unstructured, filter, channel, mask"
      ),
      ("{ blockPunched: { rat: 4 } }", "my.yaml:4:79: unknown key 'rat'; did you mean 'rate'?"),
      ("{ blockPunched: {} }", "my.yaml:4:77: blockPunched pruning needs rate"),
      ("{ filter: {} }", "my.yaml:4:71: filter pruning needs rate"),
      (
        "{ pattern: { rate: 3 } }",
        "my.yaml:4:74: unknown key 'rate'; pattern pruning has connectivity, library, seed"
      ),
      (
        "[{ filter: { rate: 2 }, seed: 3 }]",
        "my.yaml:4:85: an item of sparsity has one pruning scheme; 'seed' is a second key (is it to be indented below 'filter', or to begin with '- '?)"
      ),
      ("{ filter: 2 }", "my.yaml:4:71: filter pruning is described by keys and values: rate"),
      (
        "{ filter: { rate: 0.5 } }",
        "my.yaml:4:79: rate is a number of at least 1, all over kept (a rate of 4 keeps a quarter), not '0.5'"
      ),
      (
        "{ filter: { rate: [2, 0] } }",
        "my.yaml:4:83: rate is a number of at least 1, all over kept (a rate of 4 keeps a quarter), not '0'"
      ),
      (
        "{ filter: { rate: nan } }",
        "my.yaml:4:79: rate is a number of at least 1, all over kept (a rate of 4 keeps a quarter), not 'nan'"
      ),
      (
        "{ filter: { rate: [] } }",
        "my.yaml:4:79: rate is an empty list, which leaves nothing to measure"
      ),
      (
        "{ filter: { rate: 99 } }",
        "my.yaml:4:79: a pruning rate of 99.0 leaves none of the 32 filters"
      ),
      (
        "{ unstructured: { rate: 1e9 } }",
        "my.yaml:4:85: a pruned convolution keeps at least 1 of its 4608 weights and at most all, not 0"
      ),
      (
        "{ unstructured: { rate: 2, seed: -1 } }",
        "my.yaml:4:94: seed is a whole number from 0 to 4294967295, not '-1'"
      ),
      (
        "{ blockPunched: { rate: 2, block: 8 } }",
        "my.yaml:4:95: block is [filters, channels], as in [8, 4]"
      ),
      (
        "{ blockPunched: { rate: 2, block: [8, x] } }",
        "my.yaml:4:99: block is a whole number, not 'x'"
      ),
      (
        "{ blockPunched: { rate: 2, block: [64, 4] } }",
        "my.yaml:4:85: a block of 64x4 is larger than the layer, which has 32 filters of 16 channels"
      ),
      (
        "{ pattern: { library: [] } }",
        "my.yaml:4:83: library is an empty list, which leaves nothing to measure"
      ),
      (
        "{ pattern: { library: [010111010, 000000000] } }",
        "my.yaml:4:95: a pattern keeps at least one weight"
      ),
      (
        "{ pattern: { library: [010111010, 010111010] } }",
        "my.yaml:4:95: 010111010 is in the library twice"
      ),
      (
        "{ pattern: { library: [01011101] } }",
        "my.yaml:4:84: a pattern is nine digits 0 or 1, as in 000100111"
      ),
      (
        "{ pattern: { library: [[1]] } }",
        "my.yaml:4:84: a pattern is nine digits 0 or 1, as in 000100111"
      ),
      ("{ mask: [a] }", "my.yaml:4:69: mask is text, not a list"),
      ("{ mask: no.txt }", "my.yaml:4:69: cannot read the mask 'no.txt': no such file"),
      (
        "{ mask: a.txt }",
        "my.yaml:4:63: 'masks/a.txt' has 4 kernels of 9 digits, which is not a 3x3 convolution of 16 -> 32"
      ),
      ("{ mask: empty.txt }", "empty.txt:1:1: this mask has no kernels"),
      ("{ mask: zero.txt }", "zero.txt:1:1: this mask keeps nothing"),
      (
        "{ mask: digits.txt }",
        "digits.txt:3:1: this kernel has 8 digits, the ones before it have 9"
      ),
      ("{ mask: side.txt }", "side.txt:1:1: a kernel of 4 digits is not square with an odd side"),
      ("{ mask: binary.txt }", "binary.txt:2:7: a mask is made of digits 0 and 1, not of '2'"),
      (
        "{ mask: bytes.txt }",
        "bytes.txt:1:8: a mask is made of digits 0 and 1, not of the byte 0xc3"
      ),
    ])
  func wrong(_ sparsity: String, _ sentence: String) {
    do throws(ProfileError) {
      _ = try Self.profile(Self.item(sparsity))
      Issue.record("\(sparsity) was accepted")
    } catch {
      #expect(error.description == "masks/" + sentence)
    }
  }

  @Test("of patterns is for 3x3 only, and a depthwise convolution has none")
  func misplaced() {
    func error(_ item: String) -> String? {
      do throws(ProfileError) {
        _ = try Self.profile(item)
        return nil
      } catch {
        return error.sentence
      }
    }
    #expect(error(Self.item("{ pattern: {} }", 5)) == "patterns prune 3x3 kernels, not 5x5")
    #expect(
      error("- depthwise: { kernel: 3, channels: 8, sparsity: none }")?.hasPrefix(
        "unknown key 'sparsity'") == true)
    #expect(
      error(
        "- convolution: { kernel: 3, channels: [[16, 12]], shuffle: 2, "
          + "sparsity: { filter: { rate: 2 } } }")?.hasPrefix("6 output channels do not") == true)
  }

  @Test("without a way to read files knows no masks")
  func noFiles() {
    #expect(throws: ProfileError.self) {
      try Profile(
        yaml: "name: x\nmaps: [[1, 1]]\nworkloads:\n\(Self.item("{ mask: a.txt }"))", file: "x")
    }
  }
}
