/// Where a device is, and which one of those there: `0`, `ssh:pi5/0`, `adb:R58M12/0`.
public struct DeviceAddress: Equatable, Sendable {
  /// How a place is reached.
  public enum Place: Equatable, Sendable {
    /// This machine.
    case local
    /// A host of ssh's, by an alias or a name.
    case ssh(String)
    /// A serial number of adb's.
    case adb(String)
  }

  /// The place.
  public let place: Place
  /// An index, a part of a name or a UUID, in the list of devices there; `nil` where the address has none.
  public let selector: String?

  /// Reads an address. `nil` for a place without a name.
  public init?(_ text: String) {
    for (prefix, place) in [("ssh:", Place.ssh), ("adb:", Place.adb)] where text.hasPrefix(prefix) {
      let parts = text.dropFirst(prefix.count).split(
        separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      // A name that begins with a dash would be an option of ssh's.
      guard let name = parts.first, !name.isEmpty, !name.hasPrefix("-") else { return nil }
      self.place = place(String(name))
      selector = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
      return
    }
    place = .local
    selector = text.isEmpty ? nil : text
  }

  /// The first device of this machine.
  public static let standard = DeviceAddress(place: .local, selector: nil)

  private init(place: Place, selector: String?) {
    self.place = place
    self.selector = selector
  }

  /// The way there.
  public var transport: any Transport {
    switch place {
    case .local: LocalTransport()
    case .ssh(let host): RemoteTransport(SecureShell(host: host))
    case .adb(let serial): RemoteTransport(DebugBridge(serial: serial))
    }
  }
}
