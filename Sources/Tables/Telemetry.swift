/// Clocks and heat of the machine that a device is in, as its system tells them without special rights.
///
/// They explain figures. How fast the device was, only its reference kernel says.
public struct Telemetry: Hashable, Sendable, Codable {
  /// Readings at a moment.
  public struct Reading: Hashable, Sendable {
    /// Texts by the file or the command that they come from, such as `600000000`.
    public var values: [String: String]
    /// Files and commands that are there and may not be read.
    public var unreadable: [String]
    /// Android's thermal status: 0 none, 1 light, 2 moderate, 3 severe, 4 critical, 5 emergency, 6 shutdown;
    /// `nil` where there is none.
    public var thermalStatus: Int?

    public init(values: [String: String], unreadable: [String] = [], thermalStatus: Int? = nil) {
      self.values = values
      self.unreadable = unreadable
      self.thermalStatus = thermalStatus
    }
  }

  /// The readings before the first row, by source.
  public var first: [String: String]
  /// The latest ones.
  public var last: [String: String]
  /// Sources that are there and may not be read.
  public var unreadable: [String]
  /// The highest thermal status seen; `nil` where the system has none.
  public var highestThermalStatus: Int?

  /// Telemetry of a first reading.
  public init(_ reading: Reading) {
    first = reading.values
    last = reading.values
    unreadable = reading.unreadable.sorted()
    highestThermalStatus = reading.thermalStatus
  }

  /// Takes a later reading.
  public mutating func add(_ reading: Reading) {
    last = reading.values
    unreadable = Set(unreadable).union(reading.unreadable).sorted()
    highestThermalStatus = [highestThermalStatus, reading.thermalStatus].compactMap(\.self).max()
  }
}
