import Profiles
import Testing
import Workloads

@Suite struct `A profile of masks` {
  private static func layer(
    _ convolution: Convolution, _ scheme: Sparsity.Scheme, seed: UInt32
  ) throws -> Workload {
    let drawn = try Workload(
      .convolution(convolution.pruned(scheme, rate: 2.5, seed: seed)), height: 9, width: 16)
    let mask = try #require(drawn.mask)
    return try Workload(.convolution(convolution.pruned(scheme, by: mask)), height: 9, width: 16)
  }

  private static func read(_ profile: MaskProfile) throws -> Profile {
    try Profile(yaml: profile.yaml, file: "masks.yaml") { path throws(UnreadableFile) in
      guard let mask = profile.masks.first(where: { $0.path == path }) else {
        throw UnreadableFile(reason: "No such file or directory")
      }
      return Array(mask.text.utf8)
    }
  }

  @Test func `is read as the layers it was made of`() throws {
    let workloads = [
      try Self.layer(
        Convolution(
          kernel: 3, inputs: 19, outputs: 25, activation: .relu, residual: .afterActivation),
        .blockPunched, seed: 3),
      try Self.layer(
        Convolution(
          kernel: 1, inputs: 8, outputs: 48, activation: .clip(minimum: 0, maximum: 6)),
        .unstructured, seed: 4),
      try Self.layer(
        Convolution(kernel: 3, inputs: 16, outputs: 12, shuffle: 2), .unstructured, seed: 5),
      try Self.layer(
        Convolution(kernel: 3, inputs: 9, outputs: 8), .pattern(.default), seed: 6),
    ]
    let names = ["cell0.conv0", "cell0.conv1", "it's: the 'tail'", "cell1.conv0"]
    let profile = try #require(
      MaskProfile(
        name: "it's 1", folder: "masks", layers: zip(names, workloads).map { ($0, $1) }))
    let read = try Self.read(profile)
    #expect(read.workloads == workloads.sorted())
    #expect(read.name == "it's 1")
  }

  @Test func `leaves out layers whose masks are drawn, and is none without others`() throws {
    let dense = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 8)), height: 9, width: 16)
    let drawn = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 8, outputs: 8).pruned(.unstructured, rate: 4)),
      height: 9, width: 16)
    let layers = [("a", dense), ("b", drawn)].map { (name: $0, workload: $1) }
    #expect(MaskProfile(name: "m", folder: "m", layers: layers) == nil)
    let own = try Self.layer(Convolution(kernel: 3, inputs: 8, outputs: 8), .blockPunched, seed: 7)
    let profile = try #require(
      MaskProfile(name: "m", folder: "m", layers: layers + [(name: "c", workload: own)]))
    #expect(profile.masks.map(\.path) == ["m/c.txt"])
    #expect(try Self.read(profile).workloads == [own])
  }
}
