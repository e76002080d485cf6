import FoundationEssentials
import Kernels
import Resources
import Testing
import Workloads

@Suite struct `The canonical layout` {
  let layout = ActivationLayout(MapShape(channels: 5, height: 3, width: 2))

  @Test func `packs channels by four and leaves a border`() {
    #expect(layout.blocks == 2)
    #expect(layout.rowStride == 10)
    #expect(layout.planeStride == 110)
    #expect(layout.index(0, 0, 0) == (4 * 10 + 4) * 4)
    #expect(layout.index(4, 2, 1) == (110 + 6 * 10 + 5) * 4)
    #expect(layout.index(3, 0, 0) == layout.index(0, 0, 0) + 3)
  }

  @Test func `fills every element once and zero elsewhere`() {
    let values = filled(layout) { Float($0 + 1) }
    #expect(values.count == layout.texelCount * 4)
    #expect(values.filter { $0 != 0 }.sorted() == (1...30).map(Float.init))
    #expect(values[layout.index(4, 2, 1)] == 30)
  }

  @Test func `notices a number outside the elements`() {
    var values = filled(layout) { Float($0 + 1) }
    #expect(isZero(values))
    for place in [
      0, layout.index(0, 0, 0) - 4, layout.index(4, 0, 0) + 1, 110 * 4, 219 * 4, 220 * 4,
      values.count - 1,
    ] {
      let before = values[place]
      values[place] = 1
      #expect(!isZero(values), "place \(place)")
      values[place] = before
    }
    values[layout.index(2, 1, 1)] = 7
    #expect(isZero(values))
  }

  private func isZero(_ values: [Float]) -> Bool {
    values.withUnsafeBufferPointer { layout.paddingIsZero($0) }
  }
}

/// A buffer for a layout, filled.
private func filled(_ layout: ActivationLayout, _ value: (Int) -> Float) -> [Float] {
  [Float](unsafeUninitializedCapacity: layout.texelCount * 4) { buffer, count in
    count = layout.texelCount * 4
    layout.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), value: value)
  }
}

@Suite struct `The standard schedule` {
  static let large = DeviceLimits(
    maxTexelBufferElements: 1 << 27, maxUniformBufferRange: 65536)
  static let small = DeviceLimits(
    maxTexelBufferElements: 65536, maxUniformBufferRange: 16384)

  /// As `small`, with images and slices.
  static var sliced: DeviceLimits {
    var limits = small
    limits.maxLinearImageDimension = 16384
    limits.shaderUniformBufferArrayDynamicIndexing = true
    return limits
  }

  static func convolution(_ kernel: Int, _ inputs: Int, _ outputs: Int) throws -> Workload {
    try Workload(
      .convolution(Convolution(kernel: kernel, inputs: inputs, outputs: outputs)),
      height: 90, width: 160)
  }

  @Test func `prints what it is`() throws {
    let schedule = Schedule.standard(for: try Self.convolution(3, 32, 32), limits: Self.large)
    #expect("\(schedule)" == "direct/4x1x16/wg8x4/in:texel/w:uniform")
    let add = Schedule.standard(
      for: try Workload(.add(channels: 8), height: 9, width: 9), limits: Self.large)
    #expect("\(add)" == "elementwise/wg16x4/in:texel")
  }

  @Test func `sees large operands in images and slices where it can`() throws {
    let workload = try Self.convolution(3, 64, 64)
    #expect(
      "\(Schedule.standard(for: workload, limits: Self.sliced))"
        == "direct/4x1x16/wg8x4/in:image/w:uniform")
    #expect(
      "\(Schedule.standard(for: workload, limits: Self.small))"
        == "direct/4x1x16/wg8x4/in:storage/w:texel")
  }

  @Test(arguments: [large, small, sliced])
  func `keeps to the limits of the device`(limits: DeviceLimits) throws {
    for (inputs, outputs) in [(3, 16), (32, 32), (64, 64), (192, 25), (64, 256)] {
      let workload = try Self.convolution(3, inputs, outputs)
      let schedule = Schedule.standard(for: workload, limits: limits)
      let kernel = try schedule.kernel(for: workload, limits: limits)
      // What every Vulkan device has.
      #expect(schedule.groupWidth * schedule.groupHeight <= 128)
      for binding in kernel.bindings {
        switch binding.placement {
        case .uniformBuffer:
          let bytes = binding.slices?.bytes ?? binding.byteCount
          #expect(bytes <= limits.maxUniformBufferRange)
          #expect(bytes * (binding.slices?.count ?? 1) >= binding.texelCount * 16)
        case .texelBuffer:
          #expect(binding.texelCount <= limits.maxTexelBufferElements)
        case .image, .storageBuffer: break
        }
      }
    }
  }

  @Test func `covers every pixel and channel with invocations`() throws {
    let workload = try Workload(
      .convolution(Convolution(kernel: 3, inputs: 19, outputs: 25)), height: 17, width: 33)
    let schedule = Schedule.standard(for: workload, limits: Self.large)
    let kernel = try Kernel(workload, schedule: schedule)
    #expect(kernel.groups.x * schedule.groupWidth * schedule.tileWidth >= 33)
    #expect(kernel.groups.y * schedule.groupHeight * schedule.tileHeight >= 17)
    #expect(kernel.groups.z * schedule.tileBlocks * 4 >= 25)
  }
}

@Suite struct `A kernel` {
  @Test func `says why it cannot be, when the halo is too narrow`() throws {
    let workload = try `The standard schedule`.convolution(11, 3, 3)
    let schedule = Schedule.standard(for: workload, limits: `The standard schedule`.large)
    let error = #expect(throws: Unsupported.self) {
      try Kernel(workload, schedule: schedule)
    }
    #expect(error?.description.contains("halo of 5") == true)
  }

  @Test func `declares each operand once, input first and output last`() throws {
    let workload = try Workload(
      .convolution(
        Convolution(
          kernel: 3, inputs: 8, outputs: 8, activation: .prelu, residual: .afterActivation)),
      height: 9, width: 9)
    let kernel = try Kernel(
      workload, schedule: .standard(for: workload, limits: `The standard schedule`.large))
    #expect(
      kernel.bindings.map(\.name) == ["input", "residual", "weights", "bias", "slopes", "output"])
    let source = try kernel.source(from: ShaderLibrary())
    for binding in kernel.bindings where binding.name != "output" {
      #expect(source.contains("real4 load_\(binding.name)(uint texel)"))
    }
    #expect(source.components(separatedBy: "constant_id").count - 1 == kernel.constants.count)
  }

  @Test func `packs weights so that every one is there once, and padding is zero`() throws {
    for shuffle in [1, 2] {
      let workload = try Workload(
        .convolution(Convolution(kernel: 3, inputs: 5, outputs: 12, shuffle: shuffle)),
        height: 9, width: 9)
      let kernel = try Kernel(
        workload, schedule: .standard(for: workload, limits: `The standard schedule`.large))
      let weights = try #require(kernel.bindings.first { $0.name == "weights" })
      guard case .parameters(let packed) = weights.content else {
        Issue.record("weights are no parameters")
        return
      }
      let values = [Float](unsafeUninitializedCapacity: packed.texelCount * 4) { buffer, count in
        count = packed.texelCount * 4
        packed.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count])) { Float($0 + 1) }
      }
      #expect(values.filter { $0 != 0 }.sorted() == (1...(12 * 5 * 9)).map(Float.init))
    }
  }
}

@Suite struct `The program carries` {
  @Test(arguments: ["Shaders/", "Profiles/", "Profiles/devices/", "Profiles/spaces/"])
  func `exactly the files of the folder`(folder: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)
      .filter { !$0.hasSuffix(".md") && $0 != "devices" && $0 != "spaces" }
    let carried = EmbeddedFiles.texts(in: folder)
    #expect(Set(carried.keys) == Set(names))
    for name in names {
      let text = try String(contentsOfFile: root.path + "/" + folder + name, encoding: .utf8)
      #expect(carried[name] == text)
    }
  }

  @Test func `a shader of a folder in place of its own`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-shaders-\(UInt64.random(in: 0...UInt64.max))")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("void main() {}".utf8).write(to: folder.appending(path: "add.comp"))
    let library = try ShaderLibrary(overridingWith: folder.path)
    #expect(try library.text(of: "add.comp") == "void main() {}")
    #expect(try library.text(of: "concat.comp") == ShaderLibrary().text(of: "concat.comp"))
    #expect(throws: ShaderLibrary.Missing.self) { try library.text(of: "absent.comp") }
    #expect(throws: (any Error).self) { try ShaderLibrary(overridingWith: folder.path + "/no") }
  }
}
