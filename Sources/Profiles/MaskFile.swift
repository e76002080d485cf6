import Workloads

/// A mask in a text file: one line for each kernel, input channels of the first filter first, with a
/// digit for each weight, row by row: 1 if it is kept, else 0. Blanks, empty lines and what follows
/// `#` do not count. It lies in the folder of its profile, or below.
struct MaskFile {
  /// The path, as seen from where the profile's own path is seen from.
  let path: String
  /// Lines with a kernel.
  private var kernels = 0
  /// Digits of every kernel.
  private var taps = 0
  private var isKept: [Bool] = []

  /// Reads the file at the path that a profile gives.
  init(_ value: Value, _ readFile: Profile.FileReader) throws(ProfileError) {
    let written = try value.text()
    let folder = value.file.lastIndex(of: "/").map { value.file[...$0] } ?? ""
    guard !written.hasPrefix("/"), !written.split(separator: "/").contains("..") else {
      throw value.error(
        "the mask \(quoted(written)) is outside the profile's folder; masks lie beside the profile")
    }
    path = folder + written
    let bytes: [UInt8]
    do throws(UnreadableFile) { bytes = try readFile(path) } catch {
      throw value.error("cannot read the mask \(quoted(written)): \(error.reason)")
    }
    for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
    {
      try read(line, Position(line: index + 1, column: 1))
    }
    guard kernels > 0 else { throw error(.start, "this mask has no kernels") }
    guard isKept.contains(true) else { throw error(.start, "this mask keeps nothing") }
  }

  private mutating func read(_ line: ArraySlice<UInt8>, _ start: Position) throws(ProfileError) {
    let before = isKept.count
    for (column, byte) in line.enumerated() {
      if byte == UInt8(ascii: "#") { break }
      switch byte {
      case UInt8(ascii: "0"): isKept.append(false)
      case UInt8(ascii: "1"): isKept.append(true)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default:
        throw error(
          Position(line: start.line, column: column + 1),
          "a mask is made of digits 0 and 1, not of \(Self.text(byte))")
      }
    }
    let digits = isKept.count - before
    if digits == 0 { return }
    if kernels == 0 {
      guard [1, 3, 5, 7, 9, 11, 13, 15].contains(where: { $0 * $0 == digits }) else {
        throw error(start, "a kernel of \(digits) digits is not square with an odd side")
      }
      taps = digits
    }
    guard digits == taps else {
      throw error(start, "this kernel has \(digits) digits, the ones before it have \(taps)")
    }
    guard isKept.count <= Sparsity.largestTotal else {
      throw error(start, "a mask has at most \(Sparsity.largestTotal) digits")
    }
    kernels += 1
  }

  private static func text(_ byte: UInt8) -> String {
    (0x21...0x7e).contains(byte)
      ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte 0x\(String(byte, radix: 16))"
  }

  /// The mask of a convolution, or why it is that of another.
  func mask(for it: Convolution) throws(InvalidWorkload) -> WeightMask {
    let side = it.kernel
    guard side > 0, side < 32, side * side == taps, it.outputs > 0, it.inputsPerGroup > 0,
      kernels % it.outputs == 0, kernels / it.outputs == it.inputsPerGroup
    else {
      throw InvalidWorkload(
        part: .sparsity,
        description: "\(quoted(path)) has \(kernels) kernels of \(taps) digits, which is not a "
          + "\(side)x\(side) convolution of \(it.inputs) -> \(it.outputs)")
    }
    return WeightMask(outputs: it.outputs, inputs: it.inputsPerGroup, kernel: side) {
      isKept[($0 * it.inputsPerGroup + $1) * taps + $2]
    }
  }

  private func error(_ position: Position, _ sentence: String) -> ProfileError {
    ProfileError(file: path, position: position, sentence)
  }
}
