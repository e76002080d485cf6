internal import CSystem
internal import DeviceProtocol

/// Where machines say what their clocks and their heat are, without a superuser's rights.
///
/// Adreno: the kernel's kgsl driver. Mali: /sys/kernel/gpu and /sys/class/misc. Boards: devfreq. Android's
/// thermal status is that of `dumpsys thermalservice` (android.os.PowerManager, THERMAL_STATUS_*).
enum TelemetrySources {
  private static let files = [
    "/sys/class/kgsl/kgsl-3d0/gpuclk", "/sys/class/kgsl/kgsl-3d0/devfreq/cur_freq",
    "/sys/class/kgsl/kgsl-3d0/gpu_busy_percentage", "/sys/class/kgsl/kgsl-3d0/temp",
    "/sys/class/kgsl/kgsl-3d0/gpu_model", "/sys/kernel/gpu/gpu_clock", "/sys/kernel/gpu/gpu_tmu",
    "/sys/kernel/gpu/gpu_model",
  ]
  private static let folders = [
    ("/sys/class/devfreq", "cur_freq"), ("/sys/class/misc/mali0/device/devfreq", "cur_freq"),
    ("/sys/class/thermal", "temp"),
  ]
  private static let mostOfFolder = 16

  /// The readings of now. Files that do not exist are left out; those that may not be read are named.
  static func read() -> Telemetry {
    var readings: [Telemetry.Reading] = []
    for path in files where access(path, F_OK) == 0 {
      readings.append(Telemetry.Reading(source: path, value: TextFile.line(path)))
    }
    for (folder, file) in folders {
      for name in names(in: folder).prefix(mostOfFolder) {
        let path = folder + "/" + name + "/" + file
        guard access(path, F_OK) == 0 else { continue }
        readings.append(Telemetry.Reading(source: path, value: TextFile.line(path)))
      }
    }
    if access("/usr/bin/vcgencmd", X_OK) == 0 {
      for question in ["measure_clock v3d", "get_throttled", "measure_temp"] {
        let command = "vcgencmd " + question
        let answer = TextFile.output(of: command)
        readings.append(
          Telemetry.Reading(source: command, value: answer.isEmpty ? nil : answer))
      }
    }
    return Telemetry(readings: readings, thermalStatus: thermalStatus())
  }

  /// The line "Thermal Status: 2" of Android's thermal service.
  private static func thermalStatus() -> UInt8? {
    guard access("/system/bin/dumpsys", X_OK) == 0 else { return nil }
    let mark = "Thermal Status:"
    for line in TextFile.lines(of: "/system/bin/dumpsys thermalservice") {
      guard line.utf8.starts(with: mark.utf8) else { continue }
      let digits = line.utf8.dropFirst(mark.utf8.count).filter { $0 >= 48 && $0 <= 57 }
      return UInt8(String(decoding: digits, as: UTF8.self))
    }
    return nil
  }

  /// Names in a folder, in order, without those that begin with a dot.
  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = TextFile.text(entry.pointee.d_name)
      if name.utf8.first != 46 { names.append(name) }
    }
    return names.sorted()
  }
}
