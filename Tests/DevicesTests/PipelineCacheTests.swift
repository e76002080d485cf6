import DeviceProtocol
import Devices
import Foundation
import ShaderCompiler
import Testing

/// What the driver compiled, kept on this side of the worker.
@Suite(.serialized) struct PipelineCacheTests {
  private static func device(pipelineCacheDirectory: String? = nil) throws -> Device {
    let instance = try Instance(validation: true)
    let first = try #require(try instance.physicalDevices().first)
    return try Device(
      instance: instance, physicalDevice: first, pipelineCacheDirectory: pipelineCacheDirectory)
  }

  /// Compiles a pipeline, and lets it go.
  private static func compile(_ device: Device) throws {
    _ = try ComputePipeline(
      device: device, spirv: try GLSLCompiler.spirv(from: Shaders.double, name: "double"),
      bindings: [.storageBuffer])
  }

  @Test("compiled pipelines are stored, found again, and left aside when damaged")
  func pipelineCache() throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "srprof-\(UUID().uuidString)/pipelines")
    defer { try? FileManager.default.removeItem(at: directory.deletingLastPathComponent()) }
    let path = directory.path(percentEncoded: false)

    let first = try Self.device(pipelineCacheDirectory: path)
    #expect(first.loadedPipelineCacheBytes == 0)
    try Self.compile(first)
    #expect(first.savePipelineCache())
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(names.count == 1)
    let file = directory.appending(path: try #require(names.first))
    let stored = try Data(contentsOf: file)

    let second = try Self.device(pipelineCacheDirectory: path)
    #expect(second.loadedPipelineCacheBytes == stored.count - 8)
    try Self.compile(second)

    var flipped = stored
    flipped[stored.count - 1] ^= 1
    var foreign = stored
    foreign[8 + 8] ^= 1
    for damaged in [flipped, foreign, stored.dropLast(), stored.prefix(20), Data()] {
      try damaged.write(to: file)
      let device = try Self.device(pipelineCacheDirectory: path)
      #expect(device.loadedPipelineCacheBytes == 0)
      try Self.compile(device)
    }
    #expect(second.savePipelineCache())
    #expect(try Self.device(pipelineCacheDirectory: path).loadedPipelineCacheBytes > 0)
  }

  @Test("a directory that cannot be written is no reason to fail")
  func noCacheDirectory() throws {
    let device = try Self.device(pipelineCacheDirectory: "/dev/null/pipelines")
    #expect(!device.savePipelineCache())
    #expect(!(try Self.device()).savePipelineCache())
  }
}
