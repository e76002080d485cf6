import FoundationEssentials
import Profiles
import Testing
import Workloads

@Suite("A shipped profile")
struct ShippedProfilesTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Profiles")

  private static func profile(_ name: String) throws -> Profile {
    let data = try Data(contentsOf: folder.appending(path: "\(name).yaml"))
    return try Profile(yaml: String(decoding: data, as: UTF8.self), file: "\(name).yaml")
  }

  @Test(
    "is named after its file, says what it is for, and has this many rows",
    arguments: [
      ("quick", 40), ("sr-mobile", 358), ("wdsr-720p", 102), ("splitsr-720p", 49), ("float16", 27),
      ("search-wdsr", 233),
    ])
  func rows(_ name: String, _ count: Int) throws {
    let profile = try Self.profile(name)
    #expect(profile.name == name)
    #expect(!profile.description.isEmpty)
    #expect(profile.workloads.count == count)
  }

  @Test("is in this list, and there is no other")
  func all() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(
      files.filter { $0.hasSuffix(".yaml") }.sorted() == [
        "float16.yaml", "quick.yaml", "search-wdsr.yaml", "splitsr-720p.yaml", "sr-mobile.yaml",
        "wdsr-720p.yaml",
      ])
  }

  @Test("for a first look has every operator and every feature, in small sizes")
  func quick() throws {
    let profile = try Self.profile("quick")
    #expect(profile.rowSeconds == 0.8)
    let words = Set(profile.workloads.flatMap(\.words))
    #expect(
      words.isSuperset(of: [
        "conv1x1", "conv3x3", "conv5x5", "conv7x7", "depthwise3x3", "depthwise5x5", "add",
        "pixelshuffle2", "pixelshuffle3", "pixelshuffle4", "concat", "channelscale",
        "globalaveragepool", "stride2", "relu", "prelu", "clip[0,1]", "residual", "shuffle2",
        "shuffle3", "shuffle4", "pattern:4096/9216", "pattern:1136/9216", "blockpunched:2304/9216",
        "unstructured:922/9216",
        "groups4", "sigmoid", "passing48",
      ]))
    #expect(profile.workloads.allSatisfy { $0.denseMacs < 140_000_000 })
    #expect(profile.workloads.allSatisfy { $0.bytes < 32_000_000 })
  }

  @Test("in float16 has the dense convolutions of the first look, and nothing else")
  func float16() throws {
    let quick = try Self.profile("quick").workloads.filter {
      $0.denseMacs > 0 && $0.macs == $0.denseMacs
    }
    // Half the filters of 32 -> 32 is there for the sake of pruning only.
    let names = quick.map { "\($0) float16" }.filter { $0 != "conv3x3 32->16 90x160 relu float16" }
    #expect(try Self.profile("float16").workloads.map(\.name).sorted() == names.sorted())
  }

  @Test("for a pruned row has the dense one to compare it with", arguments: ["quick", "sr-mobile"])
  func denseRows(_ name: String) throws {
    let workloads = try Self.profile(name).workloads
    let pruned = workloads.compactMap { workload -> Workload? in
      guard case .convolution(var it) = workload.operation, it.sparsity != nil else { return nil }
      it.sparsity = nil
      return try? Workload(.convolution(it), height: workload.height, width: workload.width)
    }
    #expect(pruned.count >= 4)
    #expect(Set(workloads).isSuperset(of: pruned))
  }

  @Test(
    "has what its networks are lowered to",
    arguments: [
      ("wdsr-720p", "conv3x3 3->24 360x640"),
      ("wdsr-720p", "conv3x3 32->128 180x320 relu"),
      ("wdsr-720p", "conv3x3 128->32 240x427 residual"),
      ("wdsr-720p", "conv1x1 192->25 360x640"),
      ("wdsr-720p", "conv3x3 20->24 180x320 residual"),
      ("wdsr-720p", "conv5x5 3->27 240x427 residual shuffle3"),
      ("wdsr-720p", "conv5x5 3->48 180x320"),
      ("wdsr-720p", "add 48 180x320"),
      ("wdsr-720p", "pixelshuffle4 48->3 180x320"),
      ("splitsr-720p", "conv3x3 16->16 180x320 relu"),
      ("splitsr-720p", "concat 48+16 180x320"),
      ("splitsr-720p", "conv3x3 64->64 360x640 residual"),
      ("splitsr-720p", "conv3x3 64->256 360x640 shuffle2"),
      ("splitsr-720p", "conv3x3 64->576 240x427 shuffle3"),
      ("splitsr-720p", "conv3x3 64->3 720x1280"),
      ("splitsr-720p", "conv1x1 64->4 1x1 relu"),
      ("splitsr-720p", "globalaveragepool 64 240x427"),
      ("sr-mobile", "conv1x1 24->144 360x640 relu"),
      ("sr-mobile", "conv5x5 1->56 240x427 prelu"),
      ("sr-mobile", "conv3x3 64->64 180x320 relu pattern:4552/36864"),
      ("sr-mobile", "conv1x1 192->25 360x640 blockpunched:1200/4800"),
      ("sr-mobile", "conv3x3 12->12 360x640 residual clip[0,1] shuffle2"),
    ])
  func row(_ profile: String, _ name: String) throws {
    #expect(try Self.profile(profile).workloads.contains { $0.name == name })
  }

  /// Multiply-accumulates of the rows named, each taken as often as its count says.
  private func macs(_ profile: String, _ layers: [(String, Int)]) throws -> Int {
    let rows = try Self.profile(profile).workloads
    return try layers.reduce(0) { sum, layer in
      sum + (try #require(rows.first { $0.name == layer.0 }, "\(layer.0)").macs * layer.1)
    }
  }

  @Test("adds up to the published multiply-accumulates of WDSR-A, 16 blocks of 32 channels, x2")
  func wdsr() throws {
    let total = try macs(
      "wdsr-720p",
      [
        ("conv3x3 3->32 360x640", 1), ("conv3x3 32->128 360x640 relu", 16),
        ("conv3x3 128->32 360x640 residual", 16), ("conv3x3 32->12 360x640", 1),
        ("conv5x5 3->12 360x640 residual shuffle2", 1),
      ])
    #expect((total + 50_000_000) / 100_000_000 == 2730)
  }

  @Test("adds up to the multiply-accumulates of SplitSR, 6 groups of 6, 3 of them split, x4")
  func splitSR() throws {
    let total = try macs(
      "splitsr-720p",
      [
        ("conv3x3 3->64 180x320", 1), ("conv3x3 16->16 180x320 relu", 18),
        ("conv3x3 64->64 180x320 relu", 18), ("conv3x3 64->64 180x320 residual", 18 + 6 + 1),
        ("conv3x3 64->256 180x320 shuffle2", 1), ("conv3x3 64->256 360x640 shuffle2", 1),
        ("conv3x3 64->3 720x1280", 1),
      ])
    #expect((total + 50_000_000) / 100_000_000 == 1379)
  }
}
