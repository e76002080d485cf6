import DeviceProtocol
import Devices
import FoundationEssentials
import Glibc
import Kernels
import Measurement
import Profiles
import Resources
import ShaderCompiler
import Tables
import Testing
import Workloads

/// The software drivers every test machine has, opened under the validation layer.
enum SoftwareDevices {
  /// SwiftShader's driver file in Debian's chromium-common.
  private static let swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json"

  /// Every processor device, so that no test runs on a machine's own GPU by accident.
  static func all() throws -> (instance: Instance, devices: [PhysicalDevice]) {
    setenv("VK_ADD_DRIVER_FILES", swiftShader, 1)
    let instance = try Instance(validation: true)
    return (instance, try instance.physicalDevices().filter { $0.type == .cpu })
  }

  /// A back end on each device; pipelines come from no cache.
  static func backends(
    library: ShaderLibrary = ShaderLibrary(), wallClock: Bool = false, cap: LimitsCap? = nil
  ) throws -> [VulkanBackend] {
    let (instance, devices) = try all()
    return try devices.map {
      try VulkanBackend(
        $0, of: instance,
        options: .init(
          cacheFolder: nil, library: library, wallClock: wallClock, version: "test",
          // Enough for every point of the odd sizes.
          checkBudget: 4_000_000, cap: cap))
    }
  }

  /// A workload by its standard schedule, in a ring of four.
  static func standard(
    _ workload: Workload, on backend: VulkanBackend
  ) throws -> any PreparedWorkload {
    let schedule = try #require(backend.schedules(for: workload, effort: .quick).first)
    return try backend.prepare(workload, schedule: schedule, ringSize: 4)
  }

  /// Runs a workload once through the ring and checks every output.
  static func run(_ workload: Workload, on backend: VulkanBackend) throws -> Measurement.Check {
    let prepared = try SoftwareDevices.standard(workload, on: backend)
    try prepared.poison()
    _ = try prepared.run(length: 4, watchdogNanoseconds: 60e9)
    return try prepared.check()
  }
}

@Suite(.serialized) struct `On both software drivers, silently under validation` {
  /// Odd sizes: ragged tiles, ragged texels, one-pixel maps, every epilogue.
  static let odd: [Workload] = {
    func conv(
      _ kernel: Int, _ inputs: Int, _ outputs: Int, stride: Int = 1, groups: Int = 1,
      _ activation: Activation = .none, _ residual: Residual = .none, shuffle: Int = 1,
      passing: Int = 0, on map: (height: Int, width: Int) = (17, 33)
    ) -> Workload? {
      try? Workload(
        .convolution(
          Convolution(
            kernel: kernel, inputs: inputs, outputs: outputs, stride: stride, groups: groups,
            activation: activation, residual: residual, shuffle: shuffle, passing: passing)),
        height: map.height, width: map.width)
    }
    func plain(
      _ operation: Operation, on map: (height: Int, width: Int) = (17, 33)
    ) -> Workload? {
      try? Workload(operation, height: map.height, width: map.width)
    }
    let list: [Workload?] = [
      conv(1, 19, 25), conv(3, 19, 25), conv(5, 19, 25), conv(7, 3, 5), conv(9, 2, 3),
      conv(1, 1, 1), conv(3, 1, 1, .relu), conv(3, 3, 27, .clip(minimum: 0, maximum: 1)),
      conv(3, 12, 48, .prelu), conv(3, 25, 19, .clip(minimum: -0.5, maximum: 6)),
      conv(3, 19, 25, stride: 2), conv(1, 5, 7, stride: 2, .relu), conv(5, 3, 8, stride: 2),
      conv(3, 8, 8, .relu, .afterActivation), conv(3, 25, 19, .relu, .beforeActivation),
      conv(3, 7, 6, .prelu, .afterActivation), conv(1, 6, 9, .none, .afterActivation),
      conv(3, 5, 12, shuffle: 2), conv(3, 5, 27, .relu, shuffle: 3), conv(3, 4, 48, shuffle: 4),
      conv(3, 8, 20, .prelu, shuffle: 2), conv(5, 3, 12, .none, .afterActivation, shuffle: 2),
      conv(3, 3, 27, .relu, .beforeActivation, shuffle: 3),
      conv(3, 6, 64, .clip(minimum: 0, maximum: 1), .afterActivation, shuffle: 4),
      conv(3, 19, 19, groups: 19), conv(5, 7, 7, groups: 7, .prelu),
      conv(3, 12, 12, stride: 2, groups: 12, .relu),
      conv(7, 5, 5, groups: 5, .relu, .beforeActivation),
      conv(3, 32, 48, groups: 4, .relu), conv(1, 16, 24, stride: 2, groups: 2, .prelu),
      conv(5, 8, 8, groups: 2, .none, .afterActivation), conv(3, 32, 128, groups: 4, shuffle: 2),
      conv(1, 5, 7, .sigmoid), conv(3, 5, 27, .sigmoid, .beforeActivation, shuffle: 3),
      conv(3, 5, 7, .tanh, .afterActivation), conv(3, 6, 6, groups: 6, .sigmoid),
      conv(3, 8, 7, .sigmoid, passing: 12), conv(3, 4, 4, .relu, passing: 4, on: (1, 1)),
      conv(5, 8, 20, passing: 8), conv(1, 4, 9, .prelu, passing: 8),
      conv(3, 4, 4, on: (1, 1)), conv(3, 4, 4, on: (1, 5)), conv(3, 4, 4, on: (5, 1)),
      conv(1, 64, 4, .relu, on: (1, 1)),
      conv(3, 4, 4, stride: 2, on: (1, 1)), conv(3, 4, 8, stride: 2, on: (2, 3)),
      plain(.add(channels: 19)), plain(.add(channels: 1), on: (1, 1)),
      plain(.pixelShuffle(factor: 2, channels: 3)), plain(.pixelShuffle(factor: 3, channels: 5)),
      plain(.pixelShuffle(factor: 4, channels: 3)), plain(.pixelShuffle(factor: 2, channels: 1)),
      plain(.concat(first: 8, second: 12)), plain(.concat(first: 19, second: 25)),
      plain(.concat(first: 3, second: 1)), plain(.concat(first: 4, second: 3)),
      plain(.channelScale(channels: 25)), plain(.globalAveragePool(channels: 25)),
      plain(.globalAveragePool(channels: 3), on: (1, 1)),
      plain(.globalAveragePool(channels: 4), on: (90, 160)),
      plain(.multiply(channels: 19)), plain(.copy(channels: 19)),
      plain(.resize(.nearest, factor: 3, channels: 5)),
      plain(.resize(.bilinear, factor: 2, channels: 5)),
      plain(.resize(.bilinear, factor: 3, channels: 3)),
      plain(.resize(.bilinear, factor: 8, channels: 1)),
      plain(.resize(.bilinear, factor: 4, channels: 3), on: (1, 1)),
    ]
    return list.compactMap { $0 }
  }()

  @Test func `the list of odd workloads is whole`() {
    #expect(Self.odd.count == 67)
  }

  @Test func `both drivers are here`() throws {
    let names = try SoftwareDevices.all().devices.map(\.name)
    #expect(names.contains { $0.contains("llvmpipe") })
    #expect(names.contains { $0.contains("SwiftShader") })
  }

  @Test func `every kernel agrees with its reference on odd sizes`() throws {
    for backend in try SoftwareDevices.backends() {
      for workload in Self.odd {
        do {
          let check = try SoftwareDevices.run(workload, on: backend)
          #expect(check.maxRelativeError <= check.tolerance)
          #expect(check.points > 0)
        } catch {
          Issue.record("\(workload) on \(backend.device.name): \(error)")
        }
      }
    }
  }

  /// lavapipe ends the loops of an invocation after 65,535 turns.
  @Test func `a pool of more pixels than a loop has turns, and narrow maps, agree too`() throws {
    let conv = Convolution(kernel: 3, inputs: 5, outputs: 7, activation: .relu)
    let workloads = [
      try Workload(.globalAveragePool(channels: 3), height: 2304, width: 2304),
      try Workload(.globalAveragePool(channels: 1), height: 1, width: 70_000),
      try Workload(.convolution(conv), height: 613, width: 1),
      try Workload(.convolution(conv), height: 1, width: 613),
      try Workload(.add(channels: 5), height: 613, width: 2),
    ]
    for backend in try SoftwareDevices.backends() {
      for workload in workloads {
        let schedules = try backend.schedules(for: workload, effort: .quick)
        for schedule in schedules {
          let prepared = try backend.prepare(workload, schedule: schedule, ringSize: 1)
          try prepared.poison()
          _ = try prepared.run(length: 1, watchdogNanoseconds: 60e9)
          #expect(
            throws: Never.self, "\(workload) by \(schedule) on \(backend.device.name)"
          ) { try prepared.check() }
        }
      }
    }
  }

  @Test func `every kernel agrees with its reference on the sizes of the quick profile`() throws {
    let text = try #require(EmbeddedFiles.texts(in: "Profiles/")["quick.yaml"])
    let profile = try Profile(yaml: text, file: "quick.yaml")
    for backend in try SoftwareDevices.backends() {
      for workload in profile.workloads {
        do {
          let check = try SoftwareDevices.run(workload, on: backend)
          #expect(check.points > 0)
        } catch {
          Issue.record("\(workload) on \(backend.device.name): \(error)")
        }
      }
    }
  }

  @Test func `every shader becomes valid SPIR-V`() throws {
    let devices = try SoftwareDevices.all().devices
    for workload in Self.odd {
      for device in devices {
        let schedule = Schedule.standard(
          for: workload,
          limits: DeviceLimits(
            maxTexelBufferElements: device.limits.maxTexelBufferElements,
            maxUniformBufferRange: device.limits.maxUniformBufferRange))
        let kernel = try Kernel(workload, schedule: schedule)
        let words = try GLSLCompiler.spirv(
          from: try kernel.source(from: ShaderLibrary()), name: kernel.shader)
        #expect(SPIRVValidator.validate(words) == nil, "\(workload)")
        let unrolled = try LoopUnroller.unrolled(words, name: kernel.shader)
        #expect(SPIRVValidator.validate(unrolled) == nil, "\(workload), unrolled")
      }
    }
  }

  @Test func `a chain is longer on the device's clock the more dispatches it has`() throws {
    let workload = try Workload(.add(channels: 32), height: 90, width: 160)
    for wallClock in [false, true] {
      for backend in try SoftwareDevices.backends(wallClock: wallClock) {
        #expect(backend.clock == (wallClock ? .wallClock : .deviceTimestamps))
        let prepared = try SoftwareDevices.standard(workload, on: backend)
        let short = try (0..<5).map { _ in try time(prepared, 1) }.min()
        let long = try (0..<5).map { _ in try time(prepared, 16) }.min()
        #expect(try #require(short) < #require(long))
      }
    }
  }

  private func time(_ prepared: any PreparedWorkload, _ length: Int) throws -> Double {
    try prepared.run(length: length, watchdogNanoseconds: 60e9).nanoseconds
  }

  @Test func `an output that was not written is not right`() throws {
    let workload = try Workload(.add(channels: 5), height: 9, width: 9)
    for backend in try SoftwareDevices.backends() {
      let prepared = try SoftwareDevices.standard(workload, on: backend)
      try prepared.poison()
      // Three of the four sets of the ring.
      _ = try prepared.run(length: 3, watchdogNanoseconds: 60e9)
      let failure = #expect(throws: Failure.self) { try prepared.check() }
      #expect(failure?.kind == .wrongOutput)
    }
  }

  @Test func `a device that was given up opens again`() throws {
    let workload = try Workload(.add(channels: 16), height: 90, width: 160)
    // SwiftShader crashes when a process ends that gave a device up.
    for backend in try SoftwareDevices.backends() where backend.device.name.contains("llvmpipe") {
      let hung = try SoftwareDevices.standard(workload, on: backend)
      let failure = #expect(throws: Failure.self) {
        try hung.run(length: 500, watchdogNanoseconds: 1)
      }
      #expect(failure?.kind == .timedOut)
      #expect(!backend.isUsable)
      try backend.reopen()
      #expect(backend.isUsable)
      _ = try SoftwareDevices.run(workload, on: backend)
    }
  }

  @Test func `a number outside the elements is not right`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "srprof-shaders-\(UInt64.random(in: 0...UInt64.max))")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let right = try ShaderLibrary().text(of: "add.comp")
    // One texel too many, of the right border, which must stay zero.
    let spilling = right.replacing("at.x >= WIDTH", with: "at.x >= WIDTH + 1")
      .replacing("load_input(texel)", with: "vec4(1)")
    #expect(spilling != right)
    try Data(spilling.utf8).write(to: folder.appending(path: "add.comp"))
    let workload = try Workload(.add(channels: 4), height: 9, width: 9)
    for backend in try SoftwareDevices.backends(
      library: try ShaderLibrary(overridingWith: folder.path))
    {
      #expect(throws: Failure.self) { try SoftwareDevices.run(workload, on: backend) }
    }
  }
}
