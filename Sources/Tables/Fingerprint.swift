internal import Workloads

/// Devices, drivers, kernels and methods whose figures may be mixed, each in one word.
public struct Fingerprint: Hashable, Sendable {
  /// The same for all devices of one model with the same driver, kernels and method: two phones of a kind
  /// share it.
  public let model: String
  /// The very device besides: what a store keeps samples apart by.
  public let unit: String

  /// - Parameter methodVersion: Rises whenever the same device would get other figures.
  public init(_ device: DeviceDescription, _ compiler: Compiler, methodVersion: Int) {
    func digits(uuid: String?) -> String {
      var hash = FNV1a()
      for part in [
        device.name, device.type.rawValue, "\(device.vendorID)", "\(device.deviceID)", uuid,
        device.apiVersion, "\(device.driver.id)", device.driver.name, device.driver.info,
        "\(device.driver.version)", compiler.glslang, compiler.catalogue, "\(methodVersion)",
      ] {
        if let part { hash.combine(part) }
      }
      if let profile = device.limitsProfile {
        hash.combine(profile)
        for (name, limit) in device.limits.sorted(by: { $0.key < $1.key }) {
          hash.combine("\(name) \(limit)")
        }
        for (name, feature) in device.features.sorted(by: { $0.key < $1.key }) {
          hash.combine("\(name) \(feature)")
        }
      }
      // A driver that runs on the processor does not say which one.
      if device.type == .cpu { hash.combine(device.host.processor) }
      if uuid != nil, let unit = device.host.unit { hash.combine(unit) }
      return hash.digits
    }
    model = digits(uuid: nil)
    unit = digits(uuid: device.uuid)
  }

  /// Whether a table is of this model. Tables before 1.6.0 name only the very device.
  public func matches(_ table: LatencyTable) -> Bool {
    table.fingerprint == model || (table.unit == nil && table.fingerprint == unit)
  }

  /// Whether a table is of this very device.
  public func isUnit(of table: LatencyTable) -> Bool {
    (table.unit ?? table.fingerprint) == unit
  }
}
