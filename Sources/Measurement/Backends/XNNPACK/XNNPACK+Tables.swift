internal import FoundationEssentials
public import Tables
public import XNNPACK

extension DeviceDescription {
  /// What a table says about the processor and the engine that uses it.
  public init(_ library: Library, threads: Int) {
    let host = Host.current
    var identity = FNV1a()
    identity.combine(host.processor)
    let engine = Engine(
      name: "XNNPACK", library: Self.version(of: library), threads: threads,
      processors: Self.allowedProcessors,
      governor: Self.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
      megahertz: Self.megahertz)
    self.init(
      name: host.processor, type: .cpu, vendorID: 0, deviceID: 0,
      uuid: identity.digits + identity.digits, apiVersion: "0.0.0",
      driver: Driver(
        id: 0, name: engine.name, info: "\(engine.library), \(threads) threads", version: 0),
      memoryBytes: ProcessInfo.processInfo.physicalMemory, subgroupSize: 1,
      timestamp: Timestamp(periodNanoseconds: 1, validBits: 0), limits: [:], features: [:],
      host: host, engine: engine)
  }

  /// XNNPACK has no version: the file's name and a hash of what is in it.
  private static func version(of library: Library) -> String {
    let url = URL(filePath: library.path).resolvingSymlinksInPath()
    guard let bytes = try? Data(contentsOf: url) else { return url.lastPathComponent }
    var hash = FNV1a()
    bytes.withUnsafeBytes { hash.combine($0) }
    return "\(url.lastPathComponent) \(hash.digits)"
  }

  /// Processors that this process may run on.
  private static var allowedProcessors: Int {
    let mask = Host.value(of: "Cpus_allowed", in: "/proc/self/status", separator: ":")
    return (mask ?? "").compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
  }

  /// The present clock of the first processor, as far as the system tells.
  private static var megahertz: Double? {
    if let kilohertz = text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq")
      .flatMap(Double.init)
    {
      return kilohertz / 1000
    }
    return Host.value(of: "cpu MHz", in: "/proc/cpuinfo", separator: ":").flatMap(Double.init)
  }

  private static func text(_ path: String) -> String? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
