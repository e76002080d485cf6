public import Kernels
public import Tables
import Workloads

/// The text that two tables share exactly if their figures may be mixed: device, driver, kernels
/// and method.
public func fingerprint(of device: DeviceDescription, compiler: Compiler) -> String {
  var hash = FNV1a()
  for part in [
    device.name, device.type.rawValue, "\(device.vendorID)", "\(device.deviceID)", device.uuid,
    device.apiVersion, "\(device.driver.id)", device.driver.name, device.driver.info,
    "\(device.driver.version)", compiler.glslang, compiler.catalogue, "\(Plan.methodVersion)",
  ] {
    hash.combine(part)
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
  return hash.digits
}

extension ShaderLibrary {
  /// Hash of everything that decides what is executed for a workload.
  public var catalogueHash: String {
    var hash = FNV1a()
    hash.combine("\(Self.generation)")
    for name in Schedule.catalogue { hash.combine(name) }
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      hash.combine(name)
      hash.combine(text)
    }
    return hash.digits
  }
}
