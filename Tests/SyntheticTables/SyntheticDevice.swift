internal import Statistics
package import Tables
package import Workloads

/// A device whose latencies follow a law: what a table of it should predict is known.
package struct SyntheticDevice {
  /// Share by which figures scatter, the same for the same workload by every call.
  package var noise = 0.0
  /// Channels that are stored side by side, 4 or 1.
  package var channelBlock = 4
  /// Output channels that are computed together.
  package var tile = 4
  /// Elements of all maps beyond which each takes three times as long.
  package var cachedElements = Int.max

  package init(
    noise: Double = 0, channelBlock: Int = 4, tile: Int = 4, cachedElements: Int = .max
  ) {
    self.noise = noise
    self.channelBlock = channelBlock
    self.tile = tile
    self.cachedElements = cachedElements
  }

  /// 20 us, and 0.05 ns a multiply-accumulate with output channels padded to tiles, and 0.2 ns an element of
  /// each map; the rate falls with few output channels, which no sum of costs says.
  package func nanoseconds(_ workload: Workload) -> Double {
    let elements = workload.activations.reduce(0) { sum, activation in
      let shape = activation.shape
      let channels = (shape.channels + channelBlock - 1) / channelBlock * channelBlock
      return sum + channels * shape.height * shape.width
    }
    var time = 2e4 + 0.2 * Double(elements) * (elements > cachedElements ? 3 : 1)
    if case .convolution(let it) = workload.operation {
      let padded = Double((it.outputs + tile - 1) / tile * tile) / Double(it.outputs)
      time += 0.05 * Double(workload.macs) * padded * (1 + 8 / Double(it.outputs + 8))
    }
    var generator = SplitMix64(state: UInt64(workload.macs + 7 * workload.bytes))
    let uniform = Double(generator.next() >> 11) * 0x1p-53
    return time * (1 + noise * (2 * uniform - 1))
  }

  package func row(_ workload: Workload) -> Row {
    row(workload, nanoseconds: nanoseconds(workload))
  }

  package func row(_ workload: Workload, nanoseconds time: Double, schedule: String = "direct")
    -> Row
  {
    Row(
      workload: workload,
      result: .measured(
        Measurement(
          latency: Latency(
            undisturbedNanoseconds: time, lowNanoseconds: time * 0.98,
            highNanoseconds: time * 1.03, medianNanoseconds: time, p90Nanoseconds: time,
            samples: 50, stable: true),
          schedule: .init(name: schedule),
          compiled: .init(spirvHash: "", spirvBytes: 1, pipelineNanoseconds: 1),
          check: .init(maxRelativeError: 0, tolerance: 1, points: 1),
          efficiency: .init(workload: workload, nanoseconds: time))))
  }

  package func table(_ workloads: [Workload], failed: [Workload] = []) -> LatencyTable {
    LatencyTable(
      complete: true, profile: "synthetic",
      device: DeviceDescription(
        name: "synthetic", type: .other, vendorID: 0, deviceID: 0, uuid: "", apiVersion: "1.3.0",
        driver: .init(id: 0, name: "", info: "", version: 0), memoryBytes: 0, subgroupSize: 1,
        timestamp: .init(periodNanoseconds: 1, validBits: 64), limits: [:], features: [:],
        host: .init(operatingSystem: "", processor: "", cores: 1)),
      fingerprint: "synthetic",
      compiler: .init(srprof: "", glslang: "", spirvTools: "", catalogue: ""),
      method: .init(
        version: 1, clock: .deviceTimestamps, temperature: .inNetwork, ringSize: 4,
        activationLayout: channelBlock == 1
          ? "N,H,W,C" : "N,C/\(channelBlock),H,W,\(channelBlock) halo 4", quantile: 0.1,
        targetHalfWidth: 0.02, rowSeconds: 1, seed: 1),
      backend: .init(channelBlock: channelBlock, fusesSplitBlocks: true, skipsPruned: ["listed"]),
      ceilings: Ceilings(),
      speed: .init(
        readings: 1,
        arithmetic: .init(referenceNanoseconds: 1, medianOverUndisturbed: 1, relativeSpeed: 1),
        discardedShare: 0),
      warnings: [],
      rows: workloads.map(row)
        + failed.map { Row(workload: $0, result: .failed(Failure(.overLimit, "too large"))) })
  }
}

/// A convolution on a map, with relu.
package func convolution(
  _ kernel: Int, _ inputs: Int, _ outputs: Int, _ height: Int = 90, _ width: Int = 160,
  rate: Double? = nil, activation: Activation = .relu, residual: Residual = .none
) throws -> Workload {
  var it = Convolution(
    kernel: kernel, inputs: inputs, outputs: outputs, activation: activation, residual: residual)
  if let rate { it = try it.pruned(.blockPunched, rate: rate) }
  return try Workload(.convolution(it), height: height, width: width)
}

/// Convolutions of some channels on some maps.
package func convolutions(
  kernels: [Int] = [1, 3], channels: [Int] = [8, 16, 24, 32, 48, 64],
  maps: [(Int, Int)] = [(90, 160), (180, 320)]
) throws -> [Workload] {
  var list: [Workload] = []
  for kernel in kernels {
    for inputs in channels {
      for outputs in channels {
        for (height, width) in maps {
          list.append(try convolution(kernel, inputs, outputs, height, width))
        }
      }
    }
  }
  return list
}
