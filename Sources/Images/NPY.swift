internal import Workloads

/// Tensors as NPY, the format of `numpy.save`.
public enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// A tensor of shape `(c, h, w)`, `(1, c, h, w)` or `(h, w)`, of float16, float32, float64 or uint8
  /// (as they are, 0...255), in either byte order and either order of elements.
  ///
  /// - Parameter file: What errors call the file.
  public static func decode(_ bytes: [UInt8], file: String) throws(ImageError) -> Tensor {
    let header = try NPYHeader(bytes, file: file)
    let sizes = header.sizes
    func refuse(_ what: String) -> ImageError {
      ImageError(file, what, "save an array of (channels, height, width) with numpy.save")
    }
    let text = "(" + sizes.map(String.init).joined(separator: ", ") + ")"
    guard (2...3).contains(sizes.count) || sizes.count == 4 && sizes[0] == 1 else {
      throw refuse("has the shape \(text)")
    }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow else { throw refuse("claims the impossible shape \(text)") }
      count = product
    }
    let data = bytes[header.end...]
    guard count <= data.count / header.element.byteCount else {
      throw ImageError(
        file, "claims the shape \(text), but has \(data.count) bytes of numbers",
        "copy it again from where it is whole")
    }
    let shape = MapShape(
      channels: sizes.count == 2 ? 1 : sizes[sizes.count - 3], height: sizes[sizes.count - 2],
      width: sizes[sizes.count - 1])
    let values = bytes.withUnsafeBytes { raw in
      let numbers = UnsafeRawBufferPointer(rebasing: raw[header.end...])
      return [Float](unsafeUninitializedCapacity: count) { values, initialized in
        for index in 0..<count {
          let place = header.isFortranOrder ? shape.fortranIndex(index) : index
          values.initializeElement(
            at: index, to: header.element.read(numbers, place, header.isBigEndian))
        }
        initialized = count
      }
    }
    return Tensor(shape, values)
  }

  /// Format 1.0, little-endian float32, shape `(1, c, h, w)`.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    let shape = tensor.shape
    var header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': "
      + "(1, \(shape.channels), \(shape.height), \(shape.width)), }"
    // Magic, version and length have ten bytes; numbers begin at a multiple of 64.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes = magic + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    bytes += header.utf8
    bytes.reserveCapacity(bytes.count + tensor.values.count * 4)
    for value in tensor.values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}

extension MapShape {
  /// Where an array with the first index fastest has element `index` of row-major order.
  fileprivate func fortranIndex(_ index: Int) -> Int {
    let (row, x) = index.quotientAndRemainder(dividingBy: width)
    let (channel, y) = row.quotientAndRemainder(dividingBy: height)
    return (x * height + y) * channels + channel
  }
}

extension NPYHeader.Element {
  fileprivate func read(
    _ bytes: UnsafeRawBufferPointer, _ index: Int, _ isBigEndian: Bool
  ) -> Float {
    func bits<Bits: FixedWidthInteger>(_ type: Bits.Type) -> Bits {
      let stored = bytes.loadUnaligned(fromByteOffset: index * byteCount, as: type)
      return isBigEndian ? Bits(bigEndian: stored) : Bits(littleEndian: stored)
    }
    return switch self {
    case .uint8: Float(bytes[index])
    case .float16: Float(Float16(bitPattern: bits(UInt16.self)))
    case .float32: Float(bitPattern: bits(UInt32.self))
    case .float64: Float(Double(bitPattern: bits(UInt64.self)))
    }
  }
}
