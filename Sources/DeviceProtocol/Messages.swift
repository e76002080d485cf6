/// Who answers.
public struct Hello: WireValue, Equatable, Sendable {
  /// Digest of the worker's own program.
  public var program: Digest
  /// Such as "aarch64".
  public var architecture: String
  /// The supervisor's process.
  public var processID: UInt32
  /// The machine it runs on.
  public var host: HostFacts

  /// A greeting with its parts.
  public init(program: Digest, architecture: String, processID: UInt32, host: HostFacts) {
    self.program = program
    self.architecture = architecture
    self.processID = processID
    self.host = host
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    program = try Digest(from: &reader)
    architecture = try reader.text()
    processID = try reader.integer()
    host = try HostFacts(from: &reader)
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(program)
    writer.write(architecture)
    writer.write(processID)
    writer.write(host)
  }
}

/// The machine that a worker runs on.
public struct HostFacts: WireValue, Equatable, Sendable {
  /// Such as "Debian GNU/Linux 12 (bookworm)" or "Android 14"; empty when unknown.
  public var operatingSystem: String
  /// Maker and model of a phone or a board; empty when unknown.
  public var model: String
  /// Such as "Cortex-A76"; empty when unknown.
  public var processor: String
  /// Processors that work.
  public var cores: UInt32
  /// A serial number, or an identity of the installed system, that tells this machine from others of its model;
  /// empty when unknown.
  public var unit: String

  /// Facts with their parts.
  public init(
    operatingSystem: String, model: String, processor: String, cores: UInt32, unit: String
  ) {
    self.operatingSystem = operatingSystem
    self.model = model
    self.processor = processor
    self.cores = cores
    self.unit = unit
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    operatingSystem = try reader.text()
    model = try reader.text()
    processor = try reader.text()
    cores = try reader.integer()
    unit = try reader.text()
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(operatingSystem)
    writer.write(model)
    writer.write(processor)
    writer.write(cores)
    writer.write(unit)
  }
}

/// Lists the devices, or opens one.
public struct OpenRequest: WireValue, Equatable, Sendable {
  /// Run under the Vulkan validation layer.
  public var validation: Bool
  /// Position of the device in the list; `nil` to list them only.
  public var index: UInt32?
  /// Contents that hold the driver's compiled pipelines.
  public var pipelineCache: Digest?

  /// A request with its parts.
  public init(validation: Bool, index: UInt32? = nil, pipelineCache: Digest? = nil) {
    self.validation = validation
    self.index = index
    self.pipelineCache = pipelineCache
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    validation = try reader.bool()
    index = try reader.optional { (reader) throws(MalformedFrame) in try reader.integer() }
    pipelineCache = try reader.optional { (reader) throws(MalformedFrame) in
      try Digest(from: &reader)
    }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(validation)
    writer.write(optional: index) { $0.write($1) }
    writer.write(optional: pipelineCache) { $0.write($1) }
  }
}

/// Compiles a shader. The reply is ``PipelineReply``.
public struct PipelineRequest: WireValue, Equatable, Sendable {
  /// The number that the pipeline has from now on.
  public var id: UInt32
  /// Contents that hold the SPIR-V.
  public var code: Digest
  /// The bindings by number.
  public var bindings: [BindingKind]
  /// The specialization constants with ids 0, 1, ….
  public var constants: [UInt32]
  /// Whether the compiler's statistics are wanted.
  public var capturesStatistics: Bool

  /// A request with its parts.
  public init(
    id: UInt32, code: Digest, bindings: [BindingKind], constants: [UInt32],
    capturesStatistics: Bool
  ) {
    self.id = id
    self.code = code
    self.bindings = bindings
    self.constants = constants
    self.capturesStatistics = capturesStatistics
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    id = try reader.integer()
    code = try Digest(from: &reader)
    bindings = try reader.list(smallest: 1)
    constants = try reader.list(smallest: 4) { (reader) throws(MalformedFrame) in
      try reader.integer()
    }
    capturesStatistics = try reader.bool()
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(code)
    writer.write(list: bindings)
    writer.write(list: constants) { $0.write($1) }
    writer.write(capturesStatistics)
  }
}

/// A compiled shader.
public struct PipelineReply: WireValue, Equatable, Sendable {
  /// Nanoseconds that the driver took.
  public var compileNanoseconds: Double
  /// The words of its compiler, where that was asked for.
  public var executables: [PipelineExecutable]

  /// A reply with its parts.
  public init(compileNanoseconds: Double, executables: [PipelineExecutable]) {
    self.compileNanoseconds = compileNanoseconds
    self.executables = executables
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    compileNanoseconds = try reader.number()
    executables = try reader.list(smallest: 12)
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(compileNanoseconds)
    writer.write(list: executables)
  }
}

/// Allocates a buffer. The reply says in one byte whether it is mapped.
public struct BufferRequest: WireValue, Equatable, Sendable {
  /// The number that the buffer has from now on.
  public var id: UInt32
  /// Its size.
  public var byteCount: Int
  /// The ways in which shaders may see it.
  public var usage: BufferUsage
  /// Where its memory lies.
  public var placement: BufferPlacement
  /// Whether device memory may be reached by mapping it.
  public var mapping: Bool

  /// A request with its parts.
  public init(
    id: UInt32, byteCount: Int, usage: BufferUsage, placement: BufferPlacement, mapping: Bool
  ) {
    self.id = id
    self.byteCount = byteCount
    self.usage = usage
    self.placement = placement
    self.mapping = mapping
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    id = try reader.integer()
    byteCount = try reader.size()
    usage = BufferUsage(rawValue: try reader.integer())
    guard let placement = BufferPlacement(rawValue: try reader.integer()) else {
      throw .outOfRange
    }
    self.placement = placement
    mapping = try reader.bool()
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(UInt64(byteCount))
    writer.write(usage.rawValue)
    writer.write(placement.rawValue)
    writer.write(mapping)
  }
}
