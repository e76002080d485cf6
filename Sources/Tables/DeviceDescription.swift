/// The device a table is true for, as its driver describes it.
public struct DeviceDescription: Hashable, Sendable, Codable {
  /// What kind of machine executes the kernels.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case integratedGPU, discreteGPU, virtualGPU
    /// A Vulkan driver that runs on the processor, such as lavapipe or SwiftShader: its times say
    /// nothing about a GPU.
    case cpu
    case other
  }

  public struct Driver: Hashable, Sendable, Codable {
    /// `VkDriverId`; 0 where the driver does not say.
    public var id: Int
    public var name: String
    public var info: String
    /// `driverVersion`, in the vendor's own packing.
    public var version: UInt32

    public init(id: Int, name: String, info: String, version: UInt32) {
      self.id = id
      self.name = name
      self.info = info
      self.version = version
    }
  }

  public struct Timestamp: Hashable, Sendable, Codable {
    /// Nanoseconds for each tick; not a whole number on many devices.
    public var periodNanoseconds: Double
    /// Bits that count; 0 if the queue has no timestamps.
    public var validBits: Int

    public init(periodNanoseconds: Double, validBits: Int) {
      self.periodNanoseconds = periodNanoseconds
      self.validBits = validBits
    }
  }

  /// The machine the device is part of.
  public struct Host: Hashable, Sendable, Codable {
    public var operatingSystem: String
    public var processor: String
    public var cores: Int
    /// Maker and model of a phone or a board; `nil` where it is unknown, and in tables before 1.6.0.
    public var model: String?
    /// A hash of what tells this machine from others of its model; `nil` for the machine that srprof runs on.
    public var unit: String?

    public init(
      operatingSystem: String, processor: String, cores: Int, model: String? = nil,
      unit: String? = nil
    ) {
      self.operatingSystem = operatingSystem
      self.processor = processor
      self.cores = cores
      self.model = model
      self.unit = unit
    }
  }

  public var name: String
  public var type: Kind
  public var vendorID: UInt32
  public var deviceID: UInt32
  /// 32 hexadecimal digits.
  public var uuid: String
  /// Vulkan version, such as `1.3.239`.
  public var apiVersion: String
  public var driver: Driver
  /// Bytes of the largest device-local heap.
  public var memoryBytes: UInt64
  public var subgroupSize: Int
  public var timestamp: Timestamp
  /// Vulkan limits that decide what can run, by their names in the specification.
  public var limits: [String: UInt64]
  /// Vulkan features kernels can use, by their names in the specification.
  public var features: [String: Bool]
  public var host: Host
  /// The class of devices within whose limits kernels were chosen, if not this device's own; ``limits``
  /// and ``features`` are then the smaller of both.
  public var limitsProfile: String?
  /// What executes workloads on the processor itself; `nil` for a Vulkan device, be it the processor too.
  public var engine: Engine?

  /// An inference engine on the processor.
  public struct Engine: Hashable, Sendable, Codable {
    /// Such as `XNNPACK`.
    public var name: String
    /// Its file and a hash of that.
    public var library: String
    /// Threads that share the work of each operator.
    public var threads: Int
    /// Processors that the threads may run on; 0 where the system does not say.
    public var processors: Int
    /// What governs the processor's clock, such as `performance`, as far as the system tells.
    public var governor: String?
    /// The processor's clock when measuring began, as far as the system tells.
    public var megahertz: Double?

    public init(
      name: String, library: String, threads: Int, processors: Int, governor: String? = nil,
      megahertz: Double? = nil
    ) {
      self.name = name
      self.library = library
      self.threads = threads
      self.processors = processors
      self.governor = governor
      self.megahertz = megahertz
    }
  }

  /// Whether this is a Vulkan driver that runs on the processor: no GPU, and not the processor at its best
  /// either.
  public var isSoftwareVulkan: Bool { type == .cpu && engine == nil }

  public init(
    name: String, type: Kind, vendorID: UInt32, deviceID: UInt32, uuid: String,
    apiVersion: String, driver: Driver, memoryBytes: UInt64, subgroupSize: Int,
    timestamp: Timestamp, limits: [String: UInt64], features: [String: Bool], host: Host,
    limitsProfile: String? = nil, engine: Engine? = nil
  ) {
    self.name = name
    self.type = type
    self.vendorID = vendorID
    self.deviceID = deviceID
    self.uuid = uuid
    self.apiVersion = apiVersion
    self.driver = driver
    self.memoryBytes = memoryBytes
    self.subgroupSize = subgroupSize
    self.timestamp = timestamp
    self.limits = limits
    self.features = features
    self.host = host
    self.limitsProfile = limitsProfile
    self.engine = engine
  }
}

extension DeviceDescription {
  /// The device's name, and what it is where that is no GPU.
  public var nameAndKind: String {
    if let engine {
      "\(name) by \(engine.name), \(engine.threads) thread\(engine.threads == 1 ? "" : "s")"
    } else if isSoftwareVulkan {
      "\(name) (Vulkan on the processor, no GPU)"
    } else {
      name
    }
  }
}
