internal import CSystem
internal import DeviceProtocol

extension Hello {
  /// This program and this machine.
  static var own: Hello {
    var name = utsname()
    uname(&name)
    return Hello(
      program: Digest(of: TextFile.bytes("/proc/self/exe") ?? []),
      architecture: TextFile.text(name.machine), processID: UInt32(getpid()),
      host: .current)
  }
}

extension HostFacts {
  /// This machine.
  static var current: HostFacts {
    HostFacts(
      operatingSystem: operatingSystem, model: model, processor: processor,
      cores: UInt32(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN))), unit: unit)
  }

  /// A phone's and a board's serial number; elsewhere machine-id(5).
  private static var unit: String {
    let serial = property("ro.serialno")
    if !serial.isEmpty { return serial }
    if let bytes = TextFile.bytes("/proc/device-tree/serial-number") {
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return TextFile.line("/etc/machine-id") ?? ""
  }

  /// `PRETTY_NAME` of os-release(5), or Android's version.
  private static var operatingSystem: String {
    if let name = TextFile.value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") {
      return name
    }
    let android = property("ro.build.version.release")
    return android.isEmpty ? "" : "Android " + android
  }

  /// A board says it in its device tree, a phone in its properties.
  private static var model: String {
    if let bytes = TextFile.bytes("/proc/device-tree/model") {
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let maker = property("ro.product.manufacturer")
    let model = property("ro.product.model")
    return maker.isEmpty || model.isEmpty ? model : maker + " " + model
  }

  private static var processor: String {
    if let name = TextFile.value(of: "model name", in: "/proc/cpuinfo", separator: ":") {
      return name
    }
    let chip = property("ro.soc.model")
    if !chip.isEmpty { return chip }
    let maker = TextFile.value(of: "CPU implementer", in: "/proc/cpuinfo", separator: ":")
    let part = TextFile.value(of: "CPU part", in: "/proc/cpuinfo", separator: ":")
    guard let maker, let part else { return "" }
    return "ARM implementer \(maker) part \(part)"
  }

  /// A property of Android's; empty elsewhere.
  private static func property(_ name: String) -> String {
    guard access("/system/bin/getprop", X_OK) == 0 else { return "" }
    return TextFile.output(of: "/system/bin/getprop " + name)
  }
}
