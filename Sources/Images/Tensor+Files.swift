internal import Files

extension Tensor {
  /// An image or a tensor from a file.
  public typealias Contents = (tensor: Tensor, note: String?)

  /// Reads a PNG or NPY file, which its first bytes tell apart. The note says in a sentence what of the
  /// file is not in the tensor.
  public static func read(_ path: String) throws(ImageError) -> Contents {
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(path) } catch {
      throw ImageError(path, "cannot be read: \(error.reason)", isInputOutput: true)
    }
    if bytes.starts(with: PNG.magic) { return try PNG.decode(bytes, file: path) }
    if bytes.starts(with: NPY.magic) { return (try NPY.decode(bytes, file: path), nil) }
    throw ImageError(
      path, bytes.isEmpty ? "is empty" : "is neither a PNG nor an NPY file",
      "convert the picture to an 8-bit PNG, or save the tensor with numpy.save")
  }

  /// Writes a PNG or NPY file, as the end of its name says.
  public func write(_ path: String) throws(ImageError) {
    let bytes: [UInt8]
    switch path.lastIndex(of: ".").map({ path[$0...].lowercased() }) {
    case ".png": bytes = try PNG.encode(self, file: path)
    case ".npy": bytes = NPY.encode(self)
    default: throw ImageError(path, "is no name for a picture or tensor", "end it in .png or .npy")
    }
    do throws(FileContents.Failure) { try FileContents.replace(path, with: bytes) } catch {
      throw ImageError(path, "cannot be written: \(error.reason)", isInputOutput: true)
    }
  }
}
