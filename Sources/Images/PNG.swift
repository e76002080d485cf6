internal import CPNG
internal import Workloads

/// Pictures as PNG, through libpng's simplified interface: the other one leaves functions by `longjmp`,
/// which Swift cannot.
public enum PNG {
  static let magic: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Most pixels of a picture: 1.6 GB as a tensor.
  static let mostPixels = 1 << 27
  /// Most bytes that a byte of a compressed stream can become.
  private static let mostCompression = 1032

  /// A picture of 8 bits or fewer: grey with 1 channel, colours and palettes with 3, in sRGB, values
  /// 0...1. Opacity is dropped, which the note then says.
  ///
  /// - Parameter file: What errors call the file.
  public static func decode(_ bytes: [UInt8], file: String) throws(ImageError) -> Tensor.Contents {
    // libpng keeps a pointer to it.
    let image = makeImage()
    defer { free(image) }
    return try bytes.withUnsafeBufferPointer { memory throws(ImageError) in
      guard png_image_begin_read_from_memory(image, memory.baseAddress, memory.count) != 0 else {
        throw broken(image, file)
      }
      let claimed = image.pointee.format
      guard claimed & PNG_FORMAT_FLAG_LINEAR == 0 else {
        throw ImageError(
          file, "has 16 bits for each colour",
          "convert it to 8 bits (convert in.png -depth 8 out.png), or save it as NPY")
      }
      let (width, height) = (Int(image.pointee.width), Int(image.pointee.height))
      guard width * height <= mostPixels else {
        throw ImageError(
          file, "claims \(width)x\(height) pixels, more than \(mostPixels)", "cut it into pieces")
      }
      // A pixel has one bit at least.
      guard width * height / 8 <= mostCompression * bytes.count else {
        throw ImageError(
          file, "claims \(width)x\(height) pixels, but has \(bytes.count) bytes",
          "copy it again from where it is whole")
      }
      let isColour = claimed & (PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_COLORMAP) != 0
      let hasAlpha = claimed & PNG_FORMAT_FLAG_ALPHA != 0
      image.pointee.format =
        (isColour ? PNG_FORMAT_FLAG_COLOR : 0) | (hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0)
      let shape = MapShape(channels: isColour ? 3 : 1, height: height, width: width)
      let samples = shape.channels + (hasAlpha ? 1 : 0)
      var pixels = [UInt8](repeating: 0, count: width * height * samples)
      guard png_image_finish_read(image, nil, &pixels, Int32(width * samples), nil) != 0 else {
        throw broken(image, file)
      }
      let values = [Float](unsafeUninitializedCapacity: shape.count) { values, count in
        for channel in 0..<shape.channels {
          for pixel in 0..<width * height {
            let sample = pixels[pixel * samples + channel]
            values.initializeElement(at: channel * width * height + pixel, to: Float(sample) / 255)
          }
        }
        count = shape.count
      }
      return (Tensor(shape, values), hasAlpha ? "\(file): its opacity (alpha) is ignored" : nil)
    }
  }

  /// A picture of 8 bits with 1 channel (grey) or 3 (colours, sRGB). Values are rounded and clamped to
  /// 0...1; NaN is 0.
  public static func encode(_ tensor: Tensor, file: String) throws(ImageError) -> [UInt8] {
    let shape = tensor.shape
    let channels = shape.channels
    guard channels == 1 || channels == 3 else {
      throw ImageError(
        file, "a picture has 1 or 3 channels, not \(channels)", "end the name in .npy")
    }
    guard shape.height * shape.width <= mostPixels else {
      throw ImageError(
        file, "\(shape.width)x\(shape.height) are more than \(mostPixels) pixels",
        "end the name in .npy")
    }
    let area = shape.height * shape.width
    let pixels = [UInt8](unsafeUninitializedCapacity: shape.count) { pixels, count in
      tensor.values.withUnsafeBufferPointer { values in
        for channel in 0..<channels {
          for pixel in 0..<area {
            let value = values[channel * area + pixel]
            let byte = value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
            pixels.initializeElement(at: pixel * channels + channel, to: byte)
          }
        }
      }
      count = shape.count
    }
    let image = makeImage()
    defer { free(image) }
    image.pointee.width = UInt32(shape.width)
    image.pointee.height = UInt32(shape.height)
    image.pointee.format = channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0
    var size = png_image_largest_file(image)
    var bytes = [UInt8](repeating: 0, count: size)
    guard
      png_image_write_to_memory(
        image, &bytes, &size, 0, pixels, Int32(shape.width * channels), nil) != 0
    else {
      throw ImageError(file, "cannot be made: \(message(image))", "end the name in .npy")
    }
    bytes.removeLast(bytes.count - size)
    return bytes
  }

  private static func makeImage() -> UnsafeMutablePointer<png_image> {
    let image = UnsafeMutablePointer<png_image>.allocate(capacity: 1)
    image.initialize(to: png_image())
    image.pointee.version = UInt32(PNG_IMAGE_VERSION)
    return image
  }

  private static func free(_ image: UnsafeMutablePointer<png_image>) {
    png_image_free(image)
    image.deallocate()
  }

  private static func broken(
    _ image: UnsafeMutablePointer<png_image>, _ file: String
  ) -> ImageError {
    ImageError(
      file, "is a broken PNG: \(message(image))", "copy it again from where it is whole")
  }

  private static func message(_ image: UnsafeMutablePointer<png_image>) -> String {
    withUnsafeBytes(of: image.pointee.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
