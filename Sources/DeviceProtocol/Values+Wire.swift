extension BindingKind: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    switch try reader.integer(UInt8.self) {
    case 0: self = .storageBuffer
    case 1: self = .uniformBuffer
    case 2:
      self = .uniformSlices(
        count: Int(try reader.integer(UInt32.self)), bytes: Int(try reader.integer(UInt32.self)))
    case 3: self = .uniformTexelBuffer
    case 4: self = .uniformTexelBuffer16
    case 5: self = .linearImage(width: try Self.width(&reader))
    case 6: self = .linearImage16(width: try Self.width(&reader))
    default: throw .outOfRange
    }
  }

  private static func width(_ reader: inout ByteReader) throws(MalformedFrame) -> Int {
    let width = Int(try reader.integer(UInt32.self))
    guard width > 0, width <= 1 << 16 else { throw .outOfRange }
    return width
  }

  public func write(to writer: inout ByteWriter) {
    switch self {
    case .storageBuffer: writer.write(UInt8(0))
    case .uniformBuffer: writer.write(UInt8(1))
    case .uniformSlices(let count, let bytes):
      writer.write(UInt8(2))
      writer.write(UInt32(clamping: count))
      writer.write(UInt32(clamping: bytes))
    case .uniformTexelBuffer: writer.write(UInt8(3))
    case .uniformTexelBuffer16: writer.write(UInt8(4))
    case .linearImage(let width):
      writer.write(UInt8(5))
      writer.write(UInt32(clamping: width))
    case .linearImage16(let width):
      writer.write(UInt8(6))
      writer.write(UInt32(clamping: width))
    }
  }
}

extension PipelineExecutable: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    self.init(
      name: try reader.text(), subgroupSize: Int(try reader.integer(UInt32.self)),
      statistics: try reader.list(smallest: 17))
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(UInt32(clamping: subgroupSize))
    writer.write(list: statistics)
  }
}

extension ExecutableStatistic: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    let name = try reader.text()
    let description = try reader.text()
    let format = try reader.integer(UInt8.self)
    let bits = try reader.integer(UInt64.self)
    let value: Value
    switch format {
    case 0: value = .integer(Int64(bitPattern: bits))
    case 1: value = .unsigned(bits)
    case 2: value = .float(Double(bitPattern: bits))
    case 3: value = .bool(bits != 0)
    default: throw .outOfRange
    }
    self.init(name: name, description: description, value: value)
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(description)
    switch value {
    case .integer(let value):
      writer.write(UInt8(0))
      writer.write(value)
    case .unsigned(let value):
      writer.write(UInt8(1))
      writer.write(value)
    case .float(let value):
      writer.write(UInt8(2))
      writer.write(value)
    case .bool(let value):
      writer.write(UInt8(3))
      writer.write(UInt64(value ? 1 : 0))
    }
  }
}

extension VulkanError: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    let reason: Reason
    let tag = try reader.integer(UInt8.self)
    let code = try reader.integer(Int32.self)
    let name = try reader.text()
    switch tag {
    case 0: reason = .result(ResultCode(rawValue: code))
    case 1: reason = .noLoader
    case 2: reason = .noDriver
    case 3: reason = .missingFunction(name)
    case 4: reason = .missingLayer(name)
    case 5: reason = .validation
    case 6: reason = .timedOut
    case 7: reason = .limit(name)
    case 8: reason = .argument
    case 9: reason = .crashed
    case 10: reason = .linkLost
    default: throw .outOfRange
    }
    self.init(
      reason, call: try reader.text(), making: try reader.text(),
      detail: try reader.optional { (reader) throws(MalformedFrame) in try reader.text() })
  }

  public func write(to writer: inout ByteWriter) {
    let (tag, code, name): (UInt8, Int32, String) =
      switch reason {
      case .result(let code): (0, code.rawValue, "")
      case .noLoader: (1, 0, "")
      case .noDriver: (2, 0, "")
      case .missingFunction(let name): (3, 0, name)
      case .missingLayer(let name): (4, 0, name)
      case .validation: (5, 0, "")
      case .timedOut: (6, 0, "")
      case .limit(let name): (7, 0, name)
      case .argument: (8, 0, "")
      case .crashed: (9, 0, "")
      case .linkLost: (10, 0, "")
      }
    writer.write(tag)
    writer.write(code)
    writer.write(name)
    writer.write(call)
    writer.write(making)
    writer.write(optional: detail) { $0.write($1) }
  }
}
