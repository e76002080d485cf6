import FoundationEssentials
import Glibc
import Kernels
import Measurement
import Tables
import Testing
import Vulkan
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
    library: ShaderLibrary = ShaderLibrary(), wallClock: Bool = false
  ) throws -> [VulkanBackend] {
    let (instance, devices) = try all()
    return try devices.map {
      try VulkanBackend(
        $0, of: instance,
        options: .init(cacheFolder: nil, library: library, wallClock: wallClock, version: "test"))
    }
  }

  /// Runs a workload once through the ring and checks every output.
  static func run(_ workload: Workload, on backend: VulkanBackend) throws -> Measurement.Check {
    let prepared = try backend.prepare(workload, ringSize: 4)
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
      on map: (height: Int, width: Int) = (17, 33)
    ) -> Workload? {
      try? Workload(
        .convolution(
          Convolution(
            kernel: kernel, inputs: inputs, outputs: outputs, stride: stride, groups: groups,
            activation: activation, residual: residual, shuffle: shuffle)),
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
    ]
    return list.compactMap { $0 }
  }()

  @Test func `the list of odd workloads is whole`() {
    #expect(Self.odd.count == 48)
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
}
