/// Named tensors of a file: a length of eight bytes, a JSON header, the numbers. The format of
/// huggingface/safetensors.
public struct Safetensors: Sendable {
  /// How a number is stored.
  public enum Element: String, Hashable, Sendable, CaseIterable {
    case uint8 = "U8"
    case float16 = "F16"
    case float32 = "F32"

    var byteCount: Int {
      switch self {
      case .uint8: 1
      case .float16: 2
      case .float32: 4
      }
    }
  }

  /// A tensor, whose numbers lie in the file.
  public struct Entry: Hashable, Sendable {
    public let element: Element
    public let shape: [Int]
    /// Where its bytes lie in the file.
    let range: Range<Int>

    /// Numbers it has.
    public var count: Int { range.count / element.byteCount }
  }

  /// All tensors by name.
  public let entries: [String: Entry]
  /// Metadata of the file.
  public let metadata: [String: String]
  private let bytes: [UInt8]

  /// Why bytes are no such file: a sentence that follows the file's name.
  public struct Malformed: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
      self.description = description
    }
  }

  /// Reads the header; every tensor lies within the file, behind the one before.
  public init(_ bytes: [UInt8]) throws(Malformed) {
    let header = try SafetensorsHeader(bytes)
    entries = header.entries
    metadata = header.metadata
    self.bytes = bytes
  }

  /// Bytes of a file with float32 and uint8 tensors, in the order of their names.
  public init(_ tensors: [String: Values], metadata: [String: String] = [:]) {
    var (entries, numbers): ([String: Entry], [UInt8]) = ([:], [])
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let start = numbers.count
      switch tensor.numbers {
      case .bytes(let values): numbers += values
      case .floats(let values):
        for value in values {
          withUnsafeBytes(of: value.bitPattern.littleEndian) { numbers.append(contentsOf: $0) }
        }
      }
      entries[name] = Entry(
        element: tensor.element, shape: tensor.shape, range: start..<numbers.count)
    }
    let header = SafetensorsHeader.text(entries, metadata)
    let start = 8 + header.count
    self.entries = entries.mapValues {
      Entry(
        element: $0.element, shape: $0.shape,
        range: $0.range.lowerBound + start..<$0.range.upperBound + start)
    }
    self.metadata = metadata
    bytes =
      withUnsafeBytes(of: UInt64(header.count).littleEndian) { [UInt8]($0) } + header + numbers
  }

  /// The whole file.
  public var contents: [UInt8] { bytes }

  /// The numbers of a tensor, row by row; `nil` if there is none of this name.
  public subscript(name: String) -> [Float]? {
    guard let entry = entries[name] else { return nil }
    return bytes.withUnsafeBytes { raw in
      let start = entry.range.lowerBound
      return (0..<entry.count).map { index in
        switch entry.element {
        case .uint8: Float(raw[start + index])
        case .float16:
          Float(
            Float16(
              bitPattern: UInt16(
                littleEndian: raw.loadUnaligned(
                  fromByteOffset: start + index * 2, as: UInt16.self))))
        case .float32:
          Float(
            bitPattern: UInt32(
              littleEndian: raw.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self)))
        }
      }
    }
  }

  /// A tensor to be written.
  public struct Values: Sendable {
    enum Numbers: Sendable {
      case bytes([UInt8])
      case floats([Float])
    }

    let shape: [Int]
    let numbers: Numbers

    var element: Element {
      switch numbers {
      case .bytes: .uint8
      case .floats: .float32
      }
    }

    /// - Returns: `nil` unless there are as many numbers as the shape says.
    public init?(shape: [Int], _ floats: [Float]) {
      guard Safetensors.count(of: shape) == floats.count else { return nil }
      (self.shape, numbers) = (shape, .floats(floats))
    }

    /// - Returns: `nil` unless there are as many numbers as the shape says.
    public init?(shape: [Int], bytes: [UInt8]) {
      guard Safetensors.count(of: shape) == bytes.count else { return nil }
      (self.shape, numbers) = (shape, .bytes(bytes))
    }
  }

  /// Numbers in a tensor of a shape; `nil` for sizes below zero, and where there would be more than can be
  /// counted.
  static func count(of shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}
