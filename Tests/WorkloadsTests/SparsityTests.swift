import FoundationEssentials
import Testing
import Workloads

@Suite("A pruned convolution")
struct SparsityTests {
  private static let dense = Convolution(kernel: 3, inputs: 32, outputs: 32)

  private func workload(_ it: Convolution) throws -> Workload {
    try Workload(.convolution(it), height: 90, width: 160)
  }

  @Test("costs what is kept, and has as many parameters as before")
  func cost() throws {
    let dense = try workload(Self.dense)
    let pruned = try workload(try Self.dense.pruned(.blockPunched, rate: 4))
    #expect(pruned.macs == 2304 * 90 * 160)
    #expect(pruned.denseMacs == dense.macs)
    #expect(dense.denseMacs == dense.macs)
    #expect(dense.bytes - pruned.bytes == (9216 - 2304) * 4)
    #expect(pruned.parameters.map(\.count) == [9216, 32])
    #expect(dense.mask == nil)
    let half = try Workload(
      .convolution(Self.dense), height: 90, width: 160, elementType: .float16)
    #expect(half.bytes * 2 == dense.bytes)
  }

  @Test("that keeps everything is dense")
  func everything() throws {
    let dense = try workload(Self.dense)
    for scheme: Sparsity.Scheme in [.blockPunched, .unstructured] {
      #expect(try workload(try Self.dense.pruned(scheme, rate: 1)) == dense)
    }
    let all = WeightMask(outputs: 32, inputs: 32, kernel: 3) { _, _, _ in true }
    #expect(try workload(try Self.dense.pruned(by: all)) == dense)
  }

  @Test("of whole filters or channels is a smaller dense one")
  func smaller() throws {
    #expect(
      try Self.dense.filterPruned(rate: 2) == Convolution(kernel: 3, inputs: 32, outputs: 16))
    #expect(
      try Self.dense.channelPruned(rate: 3.6) == Convolution(kernel: 3, inputs: 9, outputs: 32))
    let depthwise = Convolution(kernel: 3, inputs: 8, outputs: 8, groups: 8)
    #expect(throws: InvalidWorkload.self) { try depthwise.filterPruned(rate: 2) }
    #expect(throws: InvalidWorkload.self) { try Self.dense.filterPruned(rate: 100) }
    #expect(throws: InvalidWorkload.self) { try Self.dense.channelPruned(rate: 0.5) }
  }

  private static let five = try? PatternLibrary(["010111010", "111010001"])

  @Test("has a name of its own, and JSON that says everything")
  func names() throws {
    let five = Sparsity.Scheme.pattern(try #require(Self.five))
    let mask = WeightMask(outputs: 32, inputs: 32, kernel: 3) { ($0 + $1 + $2) % 3 == 0 }
    let all: [(Convolution, String, String)] = [
      (
        try Self.dense.pruned(.pattern(.default), rate: 3.6),
        "conv3x3 32->32 90x160 pattern:1136/9216",
        #"{"kept":1136,"patterns":["000100111","000001111","111100000","111001000","110110000","#
          + #""011011000","000110110","000011011"],"scheme":"pattern","seed":1,"total":9216}"#
      ),
      (
        try Self.dense.pruned(five, rate: 1, seed: 7),
        "conv3x3 32->32 90x160 pattern:5120/9216 library:7803f5d97cd81103 seed7",
        #"{"kept":5120,"patterns":["010111010","111010001"],"scheme":"pattern","seed":7,"#
          + #""total":9216}"#
      ),
      (
        try Self.dense.pruned(.blockPunched, rate: 8),
        "conv3x3 32->32 90x160 blockpunched:1152/9216",
        #"{"blockChannels":4,"blockFilters":8,"kept":1152,"scheme":"blockPunched","seed":1,"#
          + #""total":9216}"#
      ),
      (
        try Self.dense.pruned(.blockPunched(filters: 4, channels: 16), rate: 4, seed: .max),
        "conv3x3 32->32 90x160 blockpunched:2304/9216 block4x16 seed4294967295",
        #"{"blockChannels":16,"blockFilters":4,"kept":2304,"scheme":"blockPunched","#
          + #""seed":4294967295,"total":9216}"#
      ),
      (
        try Self.dense.pruned(.unstructured, rate: 10),
        "conv3x3 32->32 90x160 unstructured:922/9216",
        #"{"kept":922,"scheme":"unstructured","seed":1,"total":9216}"#
      ),
      (
        try Self.dense.pruned(by: mask),
        "conv3x3 32->32 90x160 pattern:3072/9216 library:d9b5acc883c5c75c mask:\(mask.digest)",
        #"{"kept":3072,"mask":"\#(mask.digest)","patterns":["100100100","010010010","001001001"],"#
          + #""scheme":"pattern","total":9216}"#
      ),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for (it, name, json) in all {
      let workload = try workload(it)
      #expect(workload.name == name)
      #expect(try #require(WorkloadFilter(name)).matches(workload))
      let text = String(decoding: try encoder.encode(workload), as: UTF8.self)
      #expect(text.contains(#""sparsity":\#(json),"#), "\(text)")
    }
    var names = Set(try all.map { try workload($0.0).name })
    names.insert(try workload(Self.dense).name)
    #expect(names.count == all.count + 1)
    let half = try Workload(
      .convolution(try #require(all.last).0), height: 9, width: 16, elementType: .float16)
    #expect(half.words.contains("float16"))
    #expect(half.mask != nil)
  }

  @Test(
    "with a mask from outside has the most regular scheme that the mask follows",
    arguments: [
      (3, "blockPunched"), (1, "pattern"), (0, "unstructured"),
    ])
  func detected(_ structure: Int, _ word: String) throws {
    let mask = WeightMask(outputs: 20, inputs: 6, kernel: 3) { output, input, tap in
      switch structure {
      case 3: tap == (output / 8 + input / 4) % 9 || tap == 4 && input < 4
      case 1: (output + input) % 3 > 0 && (tap + output) % 3 == 0
      default: (output * 5 + input * 3 + tap) % 7 < 2
      }
    }
    let it = try Convolution(kernel: 3, inputs: 6, outputs: 20).pruned(by: mask)
    let sparsity = try #require(it.sparsity)
    #expect(sparsity.scheme.word == word)
    #expect(sparsity.kept == mask.kept)
    #expect(try workload(it).mask == mask)
  }

  @Test("with the digest of a mask is the same workload, and has no bits")
  func digestOnly() throws {
    let mask = WeightMask(outputs: 32, inputs: 32, kernel: 3) { ($0 + $1 * $2) % 3 == 0 }
    let given = try workload(try Self.dense.pruned(by: mask))
    var it = try Self.dense.pruned(by: mask)
    it.sparsity?.source = .given(try #require(GivenMask(digest: mask.digest)))
    let read = try workload(it)
    #expect(read == given)
    #expect(read.hashValue == given.hashValue)
    #expect(read.name == given.name)
    #expect(read.mask == nil)
    for wrong in ["", "12", "0123456789ABCDEF", "0123456789abcdefg", "0123456789abcde\u{e9}"] {
      #expect(GivenMask(digest: wrong) == nil)
    }
  }

  @Test(
    "that cannot be is refused with a sentence",
    arguments: [
      (
        Convolution(kernel: 3, inputs: 8, outputs: 8, groups: 8), Sparsity.Scheme.unstructured, 2,
        "a depthwise convolution is not pruned"
      ),
      (dense, .unstructured, 0.99, "a pruning rate is at least 1, not 0.99"),
      (dense, .unstructured, .infinity, "a pruning rate is at least 1, not inf"),
      (dense, .unstructured, .nan, "a pruning rate is at least 1, not nan"),
      (
        dense, .unstructured, 1e9,
        "a pruned convolution keeps at least 1 of its 9216 weights and at most all, not 0"
      ),
      (
        dense, .pattern(.default), 3000,
        "a pruned convolution keeps at least 1 of its 9216 weights and at most all, not 0"
      ),
      (
        Convolution(kernel: 5, inputs: 8, outputs: 8), .pattern(.default), 1,
        "patterns prune 3x3 kernels, not 5x5"
      ),
      (
        dense, .blockPunched(filters: 0, channels: 4), 2,
        "a block has at least 1 filter and 1 channel, not 0x4"
      ),
      (
        dense, .blockPunched(filters: 33, channels: 4), 2,
        "a block of 33x4 is larger than the layer, which has 32 filters of 32 channels"
      ),
      (
        dense, .blockPunched(filters: 4, channels: .max), 2,
        "a block of 4x9223372036854775807 is larger than the layer, which has 32 filters of 32 "
          + "channels"
      ),
      (
        Convolution(kernel: 31, inputs: 1024, outputs: 1024), .unstructured, 2,
        "a pruned convolution has at most 16777216 weights, not 1007681536"
      ),
      (
        Convolution(kernel: 3, inputs: .max, outputs: .max), .unstructured, 2,
        "the number of input channels is at most 1048576, not 9223372036854775807"
      ),
    ])
  func invalid(
    _ it: Convolution, _ scheme: Sparsity.Scheme, _ rate: Double, _ sentence: String
  ) {
    do throws(InvalidWorkload) {
      _ = try it.pruned(scheme, rate: rate)
      Issue.record("it was accepted")
    } catch {
      #expect(error.description == sentence)
      #expect(error.part == .sparsity || sentence.contains("input channels"))
    }
  }

  @Test("must say how many weights there are, and keep a number that its scheme can keep")
  func inexact() throws {
    let blocks = Sparsity(.blockPunched, kept: 1000, total: 9216)
    for (sparsity, sentence) in [
      (blocks, "blockPunched pruning cannot keep exactly 1000 of 9216 weights; 992 would do"),
      (
        Sparsity(.pattern(.default), kept: 4095, total: 9216),
        "pattern pruning cannot keep exactly 4095 of 9216 weights; 4092 would do"
      ),
      (
        Sparsity(.pattern(.default), kept: 5000, total: 9216),
        "pattern pruning cannot keep exactly 5000 of 9216 weights; 4096 would do"
      ),
      (
        Sparsity(.unstructured, kept: 100, total: 9000),
        "a 3x3 convolution of 32 -> 32 has 9216 weights, not 9000"
      ),
      (
        Sparsity(.unstructured, kept: -1, total: 9216),
        "a pruned convolution keeps at least 1 of its 9216 weights and at most all, not -1"
      ),
      (
        Sparsity(.unstructured, kept: 9217, total: 9216),
        "a pruned convolution keeps at least 1 of its 9216 weights and at most all, not 9217"
      ),
    ] {
      var it = Self.dense
      it.sparsity = sparsity
      do throws(InvalidWorkload) {
        _ = try Workload(.convolution(it), height: 9, width: 16)
        Issue.record("\(sparsity) was accepted")
      } catch {
        #expect(error.description == sentence)
        #expect(error.part == .sparsity)
      }
    }
    let mask = WeightMask(outputs: 16, inputs: 32, kernel: 3) { _, _, tap in tap == 0 }
    #expect(throws: InvalidWorkload.self) { try Self.dense.pruned(by: mask) }
    let empty = WeightMask(outputs: 32, inputs: 32, kernel: 3) { _, _, _ in false }
    #expect(throws: InvalidWorkload.self) { try Self.dense.pruned(by: empty) }
  }
}

@Suite("A pattern library")
struct PatternLibraryTests {
  @Test("is written as it is read")
  func words() throws {
    let words = ["010111010", "111010001"]
    #expect(try PatternLibrary(words).words == words)
    #expect(try PatternLibrary(words).entries == 5)
    #expect(try PatternLibrary(PatternLibrary.default.words) == .default)
    #expect(PatternLibrary.default.entries == 4)
    #expect(try PatternLibrary(words).digest != PatternLibrary(words.reversed()).digest)
  }

  @Test(
    "is refused when it is empty, or a pattern is empty, wrong, there twice, or of another count",
    arguments: [
      ([], nil, "a pattern library has at least one pattern"),
      (["000000000"], 0, "a pattern keeps at least one weight"),
      (["111000000", "11100000"], 1, "a pattern is nine digits 0 or 1, as in 000100111"),
      (["1110000000"], 0, "a pattern is nine digits 0 or 1, as in 000100111"),
      (["11100000x"], 0, "a pattern is nine digits 0 or 1, as in 000100111"),
      ([""], 0, "a pattern is nine digits 0 or 1, as in 000100111"),
      (["111000000", "000111000", "111000000"], 2, "111000000 is in the library twice"),
      (
        ["111000000", "111100000"], 1,
        "111100000 keeps 4 weights and the patterns before it 3; a library's patterns keep equally "
          + "many"
      ),
    ] as [([String], Int?, String)])
  func refused(_ words: [String], _ index: Int?, _ sentence: String) {
    do throws(InvalidPattern) {
      _ = try PatternLibrary(words)
      Issue.record("\(words) was accepted")
    } catch {
      #expect(error.index == index)
      #expect(error.description == sentence)
    }
  }
}
