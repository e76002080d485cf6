package import Tables
package import Workloads

/// One workload of every operator, and of every key a convolution may have.
package let exampleWorkloads: [Workload] = [
  example(.convolution(Convolution(kernel: 3, inputs: 32, outputs: 32, activation: .relu))),
  example(.convolution(Convolution(kernel: 1, inputs: 19, outputs: 25, stride: 2)), 17, 33),
  example(
    .convolution(
      Convolution(
        kernel: 5, inputs: 16, outputs: 12, activation: .clip(minimum: -0.5, maximum: 6),
        residual: .beforeActivation, shuffle: 2))),
  example(
    .convolution(
      Convolution(
        kernel: 3, inputs: 48, outputs: 48, groups: 48, activation: .prelu,
        residual: .afterActivation)), 90, 160),
  example(.add(channels: 32)),
  example(.pixelShuffle(factor: 4, channels: 3)),
  example(.concat(first: 16, second: 48)),
  example(.channelScale(channels: 64), 90, 160),
  example(.globalAveragePool(channels: 64), 90, 160),
].compactMap { $0 }

/// What schema version 1.3.0 added.
package let exampleWorkloads13: [Workload] = [
  example(
    .convolution(
      Convolution(kernel: 3, inputs: 64, outputs: 64, groups: 4, activation: .sigmoid))),
  example(
    .convolution(
      Convolution(kernel: 3, inputs: 16, outputs: 16, activation: .tanh, passing: 48))),
  example(.multiply(channels: 32)),
  example(.copy(channels: 16)),
  example(.resize(.nearest, factor: 2, channels: 3)),
  example(.resize(.bilinear, factor: 3, channels: 3)),
].compactMap { $0 }

private func example(_ operation: Operation, _ height: Int = 180, _ width: Int = 320) -> Workload? {
  try? Workload(operation, height: height, width: width)
}

/// A result that is measured, and whose figures depend on `index`.
package func measured(_ workload: Workload, _ index: Int = 0) -> Row.Result {
  let nanoseconds = 1_234_567.25 + 98_765.4321 * Double(index)
  return .measured(
    Measurement(
      latency: Latency(
        undisturbedNanoseconds: nanoseconds, lowNanoseconds: nanoseconds - 1e4,
        highNanoseconds: nanoseconds + 1e4, medianNanoseconds: nanoseconds * 1.125,
        p90Nanoseconds: nanoseconds * 1.5, samples: 48 + index, stable: index % 3 != 2),
      schedule: .init(name: "direct/4x2x16/wg8x4/in:texel/w:uniform"),
      compiled: .init(
        spirvHash: "8f14e45fceea167a", spirvBytes: 6_120 + index, pipelineNanoseconds: 3.25e7),
      check: .init(maxRelativeError: 3.1e-8, tolerance: workload.tolerance, points: 512),
      efficiency: .init(workload: workload, nanoseconds: nanoseconds)))
}

package let exampleFailure = Row.Result.failed(
  Failure(
    .overLimit, "maxTexelBufferElements is 65536, and the input has 1\u{2006}843\u{2006}200: \"in\""
  ))

package let exampleDevice = DeviceDescription(
  name: "llvmpipe (LLVM 15.0.6, 256 bits)", type: .cpu, vendorID: 0x10005, deviceID: 0,
  uuid: "6d657361323232322e332e3600000000", apiVersion: "1.3.230",
  driver: .init(id: 13, name: "llvmpipe", info: "Mesa 22.3.6 (LLVM 15.0.6)", version: 1),
  memoryBytes: 1 << 34, subgroupSize: 8,
  timestamp: .init(periodNanoseconds: 1, validBits: 64),
  limits: ["maxComputeWorkGroupInvocations": 1024, "maxTexelBufferElements": 1 << 27],
  features: ["shaderFloat16": true, "timelineSemaphore": false],
  host: .init(operatingSystem: "Linux 6.1", processor: "x86_64", cores: 2))

/// A table with two rows for each operator, the second of them failed.
package let exampleTable = LatencyTable(
  complete: true, profile: "quick", device: exampleDevice, fingerprint: "llvmpipe-0123456789abcdef",
  compiler: .init(
    srprof: "0.1.0", glslang: "12.0.0", spirvTools: "2023.1", catalogue: "00ff00ff00ff00ff"),
  method: .init(
    version: 1, clock: .deviceTimestamps, temperature: .inNetwork, ringSize: 4,
    activationLayout: "N,C/4,H,W,4 halo 4", quantile: 0.1, targetHalfWidth: 0.02, rowSeconds: 2.5,
    seed: .max),
  backend: .init(
    channelBlock: 4, fusesSplitBlocks: true, skipsPruned: ["branched", "coded", "listed"]),
  ceilings: .init(emptyDispatchNanoseconds: 812.5),
  speed: .init(
    readings: 120,
    arithmetic: .init(referenceNanoseconds: 1.5e6, medianOverUndisturbed: 1.04, relativeSpeed: 1),
    discardedShare: 0.125),
  warnings: ["The device is a processor: its times say nothing about a GPU."],
  rows: exampleWorkloads.enumerated().map {
    Row(workload: $1, result: measured($1, $0))
  }
    + exampleWorkloads.compactMap {
      guard let wider = try? Workload($0.operation, height: $0.height, width: 4096) else {
        return nil
      }
      return Row(workload: wider, result: exampleFailure)
    })

/// The same table with everything that schema version 1.1.0 added.
package let exampleTable11: LatencyTable = {
  var table = exampleTable
  table.device.limitsProfile = "adreno-6xx"
  table.ceilings = Ceilings(
    emptyDispatchNanoseconds: 1200, submissionNanoseconds: 5e4, fp32GigaflopsPerSecond: 120,
    fp16GigaflopsPerSecond: 240, copyGigabytesPerSecond: 20,
    copyPaths: ["storage": 20, "texel": 12], copyFootprints: [1 << 20: 50, 1 << 27: 20])
  if var measurement = table.rows[0].measurement {
    measurement.compiled?.statistics = .init(
      normal: ["instructions": 1315, "waves": 6],
      raw: ["Instruction Count": 1315, "a \"quoted\" name": 0.5, "": -1])
    measurement.efficiency.ofCeiling = 0.625
    measurement.efficiency.bound = .memory
    table.rows[0] = Row(workload: table.rows[0].workload, result: .measured(measurement))
  }
  return table
}()

/// The same table with everything that schema version 1.2.0 added.
package let exampleTable12: LatencyTable = {
  var table = exampleTable11
  table.device.engine = .init(
    name: "XNNPACK", library: "libXNNPACK.so.0 0123456789abcdef", threads: 2, processors: 2,
    governor: "performance", megahertz: 2445.5)
  // What an engine of its time is known for.
  table.backend.fusesSplitBlocks = false
  table.backend.skipsPruned = ["nchw"]
  return table
}()

/// A table of the workloads that schema version 1.3.0 added.
package let exampleTable13: LatencyTable = {
  var table = exampleTable12
  table.rows = exampleWorkloads13.sorted().enumerated().map {
    Row(workload: $1, result: measured($1, $0))
  }
  return table
}()

/// A calibrated table, with what schema version 1.4.0 added.
package let exampleTable14: LatencyTable = {
  var table = exampleTable13
  table.additivity = Additivity(
    savedShare: 0.0375, perDispatchNanoseconds: 1250.5, perSubmissionNanoseconds: 4e4,
    relativeSpread: 0.0125, networks: 6)
  return table
}()

/// A table with what schema version 1.5.0 added.
package let exampleTable15: LatencyTable = {
  var table = exampleTable14
  table.method.clockReason = "the device's timestamps agree with the host's clock"
  return table
}()

/// A table with what schema version 1.6.0 added, and a row without what it made optional.
package let exampleTable16: LatencyTable = {
  var table = exampleTable15
  table.backend = BackendTraits(
    channelBlock: 8, fusesSplitBlocks: true, skipsPruned: ["listed", "nchw"])
  table.unit = "00112233aabbccdd"
  table.device.host.model = "Maker Phone 1"
  table.device.host.unit = "ffeeddccbbaa0099"
  var telemetry = Telemetry(
    .init(
      values: ["/sys/class/kgsl/kgsl-3d0/gpuclk": "600000000"],
      unreadable: ["/sys/class/kgsl/kgsl-3d0/temp"], thermalStatus: 0))
  telemetry.add(
    .init(values: ["/sys/class/kgsl/kgsl-3d0/gpuclk": "400000000"], thermalStatus: 2))
  table.telemetry = telemetry
  table.sweep = Sweep(exampleWorkloads13 + exampleWorkloads)
  table.shard = Shard(index: 2, of: 3)
  if var measurement = table.rows[1].measurement {
    measurement.compiled = nil
    table.rows[1].result = .measured(measurement)
  }
  return table
}()

/// Has a row that was too noisy, which schema version 1.7.0 is needed for.
package let exampleTable17: LatencyTable = {
  var table = exampleTable16
  table.rows[2].result = .failed(
    Failure(.tooNoisy, "12 samples lie too far apart: a dispatch takes 20.0 to 80.0 us"))
  return table
}()

/// Has a speed of memory, which schema version 1.8.0 is needed for.
package let exampleTable18: LatencyTable = {
  var table = exampleTable17
  table.speed.memory = .init(
    referenceNanoseconds: 2.5e6, medianOverUndisturbed: 1.25, relativeSpeed: 0.875)
  return table
}()
