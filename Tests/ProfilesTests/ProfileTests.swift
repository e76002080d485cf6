import Profiles
import Testing
import Workloads

@Suite("A profile")
struct ProfileTests {
  private func names(_ items: String) throws -> [String] {
    try Profile(yaml: "name: x\nmaps: [[9, 16]]\nworkloads:\n\(items)\n", file: "x").workloads
      .map(\.name)
  }

  @Test("says its name, its description, its time and its workloads")
  func everything() throws {
    let profile = try Profile(
      yaml: """
        name: mine
        description: what I like
        rowSeconds: 0.5
        elementTypes: [float32]
        maps: [[9, 16]]
        workloads:
          - add: { channels: 32 }
        """, file: "x")
    #expect(profile.name == "mine")
    #expect(profile.description == "what I like")
    #expect(profile.rowSeconds == 0.5)
    #expect(profile.workloads.map(\.name) == ["add 32 9x16"])
  }

  @Test("gives a row five seconds unless it says otherwise")
  func defaults() throws {
    let profile = try Profile(
      yaml: "name: 42\nworkloads: [{ add: { channels: 1, maps: [[1, 2]] } }]", file: "x")
    #expect(profile.name == "42")
    #expect(profile.description == "")
    #expect(profile.rowSeconds == 5)
  }

  @Test(
    "makes every operator",
    arguments: [
      ("- convolution: { kernel: 3, channels: [[3, 8]] }", ["conv3x3 3->8 9x16"]),
      (
        "- convolution: { kernel: 5, inputs: 3, outputs: 8, activation: prelu, stride: 2 }",
        ["conv5x5 3->8 9x16 stride2 prelu"]
      ),
      (
        "- convolution: { kernel: 1, channels: [[3, 8]], epilogue: 'clip[0,6]', shuffle: 2, "
          + "residual: beforeActivation }",
        ["conv1x1 3->8 9x16 residual clip[0,6] shuffle2"]
      ),
      (
        "- depthwise: { kernel: 3, channels: 8, activation: clip, residual: afterActivation }",
        ["depthwise3x3 8 9x16 clip[0,1] residual"]
      ),
      ("- add: { channels: 8 }", ["add 8 9x16"]),
      ("- pixelShuffle: { factor: 3, channels: 2 }", ["pixelshuffle3 18->2 9x16"]),
      ("- concat: { channels: [[3, 5]] }", ["concat 3+5 9x16"]),
      ("- channelScale: { channels: 8 }", ["channelscale 8 9x16"]),
      ("- globalAveragePool: { channels: 8 }", ["globalaveragepool 8 9x16"]),
      ("- multiply: { channels: 8 }", ["multiply 8 9x16"]),
      ("- copy: { channels: 8 }", ["copy 8 9x16"]),
      (
        "- resize: { mode: [nearest, bilinear], factor: [2], channels: 3 }",
        ["bilinear2 3 9x16", "nearest2 3 9x16"]
      ),
      (
        "- convolution: { kernel: 3, channels: [[32, 64]], groups: [1, 4], activation: sigmoid }",
        ["conv3x3 32->64 9x16 groups4 sigmoid", "conv3x3 32->64 9x16 sigmoid"]
      ),
      (
        "- convolution: { kernel: 3, channels: [[16, 16]], passing: 48 }",
        ["conv3x3 16->16 9x16 passing48"]
      ),
    ])
  func operators(_ item: String, _ expected: [String]) throws {
    #expect(try names(item) == expected)
  }

  @Test("is the product of its axes, in order")
  func product() throws {
    #expect(
      try names(
        "- convolution: { kernel: [3, 1], channels: [[3, 8], [2, 4]], maps: [[9, 16], [5, 7]] }")
        == [
          "conv1x1 2->4 5x7", "conv1x1 2->4 9x16", "conv1x1 3->8 5x7", "conv1x1 3->8 9x16",
          "conv3x3 2->4 5x7", "conv3x3 2->4 9x16", "conv3x3 3->8 5x7", "conv3x3 3->8 9x16",
        ])
    let all = try names(
      """
      - convolution:
          kernel: [1, 3]
          inputs: [4, 8, 12]
          outputs: [4, 8]
          stride: [1, 2]
          activation: [none, relu, prelu, clip]
          residual: [none, afterActivation, beforeActivation]
          shuffle: [1, 2]
      """)
    // Without an activation both residuals are the same: 3 * 3 + 2 epilogues.
    #expect(all.count == 2 * 3 * 2 * 2 * 11 * 2)
    #expect(Set(all).count == all.count)
  }

  @Test("pairs channels that are given as pairs, and crosses inputs with outputs")
  func pairs() throws {
    #expect(try names("- convolution: { kernel: 1, channels: [[1, 2], [3, 4]] }").count == 2)
    #expect(try names("- convolution: { kernel: 1, inputs: [1, 3], outputs: [2, 4] }").count == 4)
  }

  @Test("has every workload once, however often it is asked for")
  func duplicates() throws {
    #expect(
      try names(
        """
        - add: { channels: [8, 8, 4] }
        - add: { channels: 4 }
        - convolution: { kernel: 1, channels: [[1, 1]], residual: afterActivation }
        - convolution: { kernel: 1, channels: [[1, 1]], residual: beforeActivation }
        - depthwise: { kernel: 1, channels: 1, residual: afterActivation }
        """) == ["add 4 9x16", "add 8 9x16", "conv1x1 1->1 9x16 residual"])
  }

  @Test("takes the maps of the item before its own")
  func maps() throws {
    #expect(try names("- add: { channels: 8, maps: [[1, 2]] }") == ["add 8 1x2"])
  }

  @Test("may share lists by anchor and alias")
  func aliases() throws {
    let profile = try Profile(
      yaml: """
        name: x
        workloads:
          - add: { channels: &some [8, 16], maps: &small [[9, 16]] }
          - channelScale: { channels: *some, maps: *small }
        """, file: "x")
    #expect(profile.workloads.count == 4)
  }

  @Test("may have a hundred thousand workloads")
  func large() throws {
    let list = "[\((1...100).map(String.init).joined(separator: ", "))]"
    let profile = try Profile(
      yaml: """
        name: x
        maps: [[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]
        workloads: [{ convolution: { kernel: [1, 3], inputs: \(list), outputs: \(list) } }]
        """, file: "x")
    #expect(profile.workloads.count == Profile.largestCount)
  }
}
