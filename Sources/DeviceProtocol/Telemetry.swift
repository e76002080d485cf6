/// Clocks and heat of a machine at a moment, as it says them itself.
public struct Telemetry: WireValue, Equatable, Sendable {
  /// One figure.
  public struct Reading: WireValue, Equatable, Sendable {
    /// Where it comes from: a file, or a command.
    public var source: String
    /// Its text, on one line; `nil` where it may not be read.
    public var value: String?

    /// A reading with its parts.
    public init(source: String, value: String?) {
      self.source = source
      self.value = value
    }

    public init(from reader: inout ByteReader) throws(MalformedFrame) {
      source = try reader.text()
      value = try reader.optional { (reader) throws(MalformedFrame) in try reader.text() }
    }

    public func write(to writer: inout ByteWriter) {
      writer.write(source)
      writer.write(optional: value) { $0.write($1) }
    }
  }

  /// All figures that are there, also those that may not be read.
  public var readings: [Reading]
  /// Android's thermal status: 0 none, 1 light, 2 moderate, 3 severe, 4 critical, 5 emergency, 6 shutdown;
  /// `nil` where there is none.
  public var thermalStatus: UInt8?

  /// Telemetry with its parts.
  public init(readings: [Reading], thermalStatus: UInt8? = nil) {
    self.readings = readings
    self.thermalStatus = thermalStatus
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    readings = try reader.list(smallest: 5)
    thermalStatus = try reader.optional { (reader) throws(MalformedFrame) in
      try reader.integer()
    }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(list: readings)
    writer.write(optional: thermalStatus) { $0.write($1) }
  }
}
