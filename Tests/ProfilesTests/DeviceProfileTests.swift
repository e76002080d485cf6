import FoundationEssentials
import Profiles
import Testing

@Suite("A device profile")
struct DeviceProfileTests {
  @Test("gives limits, a work-group and features, each if it likes")
  func whole() throws {
    let profile = try DeviceProfile(
      yaml: """
        name: small
        description: Two words.
        limits:
          maxTexelBufferElements: 65536
          maxComputeWorkGroupSize: [384, 256, 64]
        features: { shaderFloat16: false, storageBuffer16BitAccess: true }
        """, file: "small.yaml")
    #expect(profile.name == "small")
    #expect(profile.description == "Two words.")
    #expect(profile.limits == ["maxTexelBufferElements": 65536])
    #expect(profile.groupSize == [384, 256, 64])
    #expect(profile.features == ["shaderFloat16": false, "storageBuffer16BitAccess": true])
    let bare = try DeviceProfile(yaml: "name: bare", file: "bare.yaml")
    #expect(bare.limits.isEmpty && bare.features.isEmpty && bare.groupSize == nil)
  }

  @Test(
    "that is wrong says where and what",
    arguments: [
      ("description: nothing", "f:1:1: a device profile needs name"),
      (
        "name: x\nlimits:\n  maxTexelBufferElement: 5",
        "f:3:3: unknown key 'maxTexelBufferElement'; did you mean 'maxTexelBufferElements'?"
      ),
      (
        "name: x\nlimits:\n  maxTexelBufferElements: 0",
        "f:3:27: maxTexelBufferElements is at least 1, not 0"
      ),
      (
        "name: x\nlimits:\n  maxUniformBufferRange: many",
        "f:3:26: maxUniformBufferRange is a whole number, not 'many'"
      ),
      (
        "name: x\nlimits:\n  maxComputeWorkGroupSize: [1, 2]",
        "f:3:28: maxComputeWorkGroupSize is a list of three numbers, for x, y and z"
      ),
      (
        "name: x\nlimits:\n  subgroupSize: 12",
        "f:3:17: subgroupSize is a power of two, not 12"
      ),
      (
        "name: x\nlimits: 5",
        "f:2:9: limits is described by keys and values: maxComputeSharedMemorySize"
      ),
      (
        "name: x\nfeatures: { shaderFloat16: maybe }",
        "f:2:28: shaderFloat16 is one of true, false, not 'maybe'"
      ),
      ("name: x\nrows: 3", "f:2:1: unknown key 'rows'"),
      ("name: [", "f:2:1: this is not YAML"),
    ])
  func wrong(_ yaml: String, _ expected: String) throws {
    let error = #expect(throws: ProfileError.self) { try DeviceProfile(yaml: yaml, file: "f") }
    #expect(try #require(error).description.hasPrefix(expected), "\(error?.description ?? "")")
  }

  @Test("that is shipped is named after its file and gives every limit and feature")
  func shipped() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Profiles/devices").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      files == ["adreno-6xx.yaml", "adreno-7xx.yaml", "mali-g5x-g7x.yaml", "videocore.yaml"])
    for file in files {
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      let profile = try DeviceProfile(yaml: text, file: file)
      #expect(profile.name + ".yaml" == file)
      #expect(!profile.description.isEmpty)
      // Registers are given where they are few.
      let limits = Set(profile.limits.keys).union(["registers"])
      #expect(limits == Set(DeviceProfile.limitNames))
      #expect(profile.features.keys.sorted() == DeviceProfile.featureNames.sorted())
      #expect(profile.groupSize?.count == 3)
      #expect(text.hasPrefix("#"), "\(file) does not say where its numbers are from")
    }
  }
}
