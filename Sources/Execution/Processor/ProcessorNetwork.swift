public import Measurement
public import Networks
public import Tables
internal import Workloads
public import XNNPACK

/// A lowered network on the processor, through XNNPACK: one graph with all steps, pruned convolutions dense
/// with zeros.
public final class ProcessorNetwork: ExecutableNetwork {
  public let network: LoweredNetwork
  /// Learned numbers, and activations as a ``MemoryPlan`` has them: XNNPACK does not tell its own.
  public let memoryBytes: Int
  /// The operators by their names in XNNPACK, in the order they run.
  public let operators: [String]

  private let image: Tensor
  private let output: Tensor
  private let runtime: Runtime

  /// Lays out everything.
  ///
  /// - Throws: What XNNPACK lacks or refuses, with the layer's name; before the summer of 2022 it cannot
  ///   join or cut maps along their channels.
  public init(
    _ network: LoweredNetwork, library: Library, threads: Int
  ) throws(Failure) {
    self.network = network
    guard network.steps.allSatisfy({ $0.workload.elementType == .float32 }) else {
      throw Failure(.unsupported, "\(network.name): the processor runs float32 only")
    }
    let made = try NetworkGraph(network, library)
    operators = made.graph.operators
    image = Tensor(count: network.shape(of: network.input).count) { _ in 0 }
    output = Tensor(count: network.shape(of: network.output).count) { _ in .nan }
    memoryBytes =
      MemoryPlan(network).bytes(.float32) + network.learnedCount * MemoryLayout<Float>.stride
    do throws(XNNPACKError) {
      runtime = try Runtime(
        made.graph, threads: ThreadPool(threads, library), externals: [image, output])
    } catch {
      throw Failure(error)
    }
  }

  /// Lays out everything for the engine and threads of a back end.
  public convenience init(_ network: LoweredNetwork, on backend: XNNPACKBackend) throws(Failure) {
    try self.init(network, library: backend.library, threads: backend.threads.count)
  }

  public func load(_ image: [Float]) throws(Failure) {
    let shape = network.shape(of: network.input)
    let affine = network.inputAffine
    try requireSize(of: image)
    let area = shape.height * shape.width
    for channel in 0..<shape.channels {
      let it = affine[channel]
      for pixel in 0..<area {
        self.image[pixel * shape.channels + channel] =
          it.scale * image[channel * area + pixel] + it.shift
      }
    }
  }

  public func result() throws(Failure) -> [Float] {
    let shape = network.shape(of: network.output)
    let area = shape.height * shape.width
    return [Float](unsafeUninitializedCapacity: shape.count) { values, count in
      for channel in 0..<shape.channels {
        for pixel in 0..<area {
          values.initializeElement(
            at: channel * area + pixel, to: output[pixel * shape.channels + channel])
        }
      }
      count = shape.count
    }
  }

  /// Runs frames, one after the other. The first of all is slower: memory is touched for the first time.
  public func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    let start = ContinuousClock.now
    do throws(XNNPACKError) {
      for _ in 0..<length { try runtime.run() }
    } catch {
      throw Failure(error)
    }
    let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1)
    return ChainTime(nanoseconds: nanoseconds, wallNanoseconds: nanoseconds)
  }

  /// The result of an image, both `[c, h, w]` row-major.
  public func run(_ image: [Float]) throws(Failure) -> [Float] {
    try load(image)
    _ = try run(length: 1, watchdogNanoseconds: .infinity)
    return try result()
  }

  /// XNNPACK runs a graph as a whole.
  public func runByStep(watchdogNanoseconds: Double) throws(Failure) -> [Double]? { nil }
}
