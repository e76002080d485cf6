internal import CSystem
internal import DeviceProtocol

/// Devices that this supervisor has for itself: two hosts may reach one phone.
struct DeviceLocks {
  private var taken: [String] = []

  /// Takes the device whose name is a payload's text. False where another process has it.
  mutating func take(_ payload: [UInt8]) -> Bool {
    var reader = ByteReader(payload)
    guard let name = try? reader.text(), !name.isEmpty,
      name.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || ($0 >= 97 && $0 <= 102) })
    else { return false }
    if taken.contains(name) { return true }
    let folder = access("/data/local/tmp", W_OK) == 0 ? "/data/local/tmp" : "/tmp"
    // One that is taken is never closed: the lock ends with the process. Where no file can be made, nobody
    // else has one.
    let descriptor = system_open_lock(folder + "/srprof-worker-" + name + ".lock")
    guard descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return false
    }
    taken.append(name)
    return true
  }
}
