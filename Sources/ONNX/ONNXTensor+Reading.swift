internal import Files
internal import SwiftProtobuf

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension ONNXTensor {
  /// A tensor of a file; what it claims is compared with the bytes that are there before anything is
  /// made of it.
  ///
  /// - Parameter folder: The model's, for weights that lie in files of their own.
  init(_ proto: Onnx_TensorProto, folder: String) throws(Refusal) {
    guard let type = Onnx_TensorProto.DataType(rawValue: Int(proto.dataType)),
      let width = type.bytes
    else {
      throw Refusal("has elements of type \(proto.dataType), which are not read")
    }
    let dims = proto.dims.map { Int(bounded: $0) }
    if proto.dataLocation == .external {
      let location = try ExternalLocation(proto, folder: folder)
      let count = try Self.count(dims, atMost: location.available / width)
      try Refusal.unless(
        count * width <= Self.largestExternal,
        "has \(count * width) bytes elsewhere; at most \(Self.largestExternal >> 20) MiB are read")
      let bytes = try location.read(count * width)
      self.init(dims: dims, type.elements(bytes))
    } else if proto.hasRawData {
      let bytes = [UInt8](proto.rawData)
      let count = try Self.claimed(dims, has: bytes.count / width)
      try Refusal.unless(
        bytes.count == count * width,
        "has \(bytes.count) bytes where \(count * width) are needed")
      self.init(dims: dims, type.elements(bytes))
    } else {
      let elements = type.elements(typed: proto)
      let count = ONNXTensor(dims: [], elements).count
      let claimed = try Self.claimed(dims, has: count)
      try Refusal.unless(claimed == count, "has \(count) numbers where \(claimed) are needed")
      self.init(dims: dims, elements)
    }
  }

  private static func claimed(_ dims: [Int], has count: Int) throws(Refusal) -> Int {
    do throws(Refusal) {
      return try self.count(dims, atMost: count)
    } catch {
      throw Refusal("claims to be \(dims), but only \(count) numbers are there")
    }
  }
}

extension Onnx_TensorProto.DataType {
  /// Bytes of an element; `nil` for types that are not read.
  fileprivate var bytes: Int? {
    switch self {
    case .float, .int32: 4
    case .uint8, .int8, .bool: 1
    case .int64, .double: 8
    case .float16: 2
    case .undefined: nil
    }
  }

  /// Elements from little-endian bytes.
  fileprivate func elements(_ bytes: [UInt8]) -> ONNXTensor.Elements {
    bytes.withUnsafeBytes { raw in
      switch self {
      case .float:
        .floats(raw.map(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) })
      case .float16:
        .floats(raw.map(UInt16.self) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) })
      case .double:
        .floats(raw.map(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) })
      case .int64: .integers(raw.map(Int64.self) { Int(bounded: Int64(littleEndian: $0)) })
      case .int32: .integers(raw.map(Int32.self) { Int(Int32(littleEndian: $0)) })
      case .int8: .integers(raw.map(Int8.self) { Int($0) })
      case .uint8, .bool, .undefined: .integers(raw.map { Int($0) })
      }
    }
  }

  /// Elements from the field that holds numbers of this type.
  fileprivate func elements(typed proto: Onnx_TensorProto) -> ONNXTensor.Elements {
    switch self {
    case .float: .floats(proto.floatData)
    case .double: .floats(proto.doubleData.map { Float($0) })
    case .float16:
      .floats(proto.int32Data.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) })
    case .int64: .integers(proto.int64Data.map { Int(bounded: $0) })
    case .int32, .int8, .uint8, .bool, .undefined: .integers(proto.int32Data.map { Int($0) })
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func map<Element: BitwiseCopyable, Result>(
    _: Element.Type, _ transform: (Element) -> Result
  ) -> [Result] {
    let width = MemoryLayout<Element>.size
    return (0..<count / width).map {
      transform(loadUnaligned(fromByteOffset: $0 * width, as: Element.self))
    }
  }
}

/// Where a tensor lies that is not in the model's own file.
private struct ExternalLocation: ~Copyable {
  /// Bytes that may belong to it.
  let available: Int
  private let name: String
  private let file: InputFile
  private let offset: Int
  private let length: Int?

  /// Opens the file; refuses one outside the model's folder.
  init(_ proto: Onnx_TensorProto, folder: String) throws(Refusal) {
    let entries = Dictionary(
      proto.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    guard let name = entries["location"], !name.isEmpty, !name.utf8.contains(0) else {
      throw Refusal("says that its numbers are in another file, but not in which")
    }
    let isInside = !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
    try Refusal.unless(isInside, "has its numbers in '\(name)', outside the model's folder")
    guard let root = try? FileContents.resolved(folder),
      let path = try? FileContents.resolved(folder + "/" + name)
    else {
      throw Refusal(.unreadable, "has its numbers in '\(name)', which is not there")
    }
    let prefix = root.hasSuffix("/") ? root : root + "/"
    try Refusal.unless(
      path.hasPrefix(prefix), "has its numbers in '\(name)', a link out of the model's folder")
    let offset = try Self.number(entries["offset"], "offset") ?? 0
    let length = try Self.number(entries["length"], "length")
    let file = try Self.open(path, name)
    try Refusal.unless(
      offset <= file.size && (length ?? 0) <= file.size - offset,
      "needs more of '\(name)' than the \(file.size) bytes that are there")
    available = length ?? (file.size - offset)
    self.name = name
    self.offset = offset
    self.length = length
    self.file = file
  }

  private static func open(_ path: String, _ name: String) throws(Refusal) -> InputFile {
    do throws(FileContents.Failure) {
      return try InputFile(path: path)
    } catch {
      throw Refusal(.unreadable, "has its numbers in '\(name)': \(error.reason)")
    }
  }

  /// Its bytes.
  func read(_ count: Int) throws(Refusal) -> [UInt8] {
    try Refusal.unless(
      length == nil || length == count,
      "has \(length ?? 0) bytes in '\(name)' where \(count) are needed")
    do throws(FileContents.Failure) {
      return try file.read(count, from: offset)
    } catch {
      throw Refusal(.unreadable, error.reason)
    }
  }

  private static func number(_ text: String?, _ key: String) throws(Refusal) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw Refusal("has '\(text)' as \(key) of its numbers in another file")
    }
    return number
  }
}
