/// Which weights of a convolution are kept, one bit for each.
public struct WeightMask: Hashable, Sendable {
  /// Output channels.
  public let outputs: Int
  /// Input channels of one group.
  public let inputs: Int
  /// Side of the square kernel.
  public let kernel: Int
  /// Row-major as the weights, `[outputs, inputs, kernel * kernel]`, the first in the lowest bit.
  private var words: [UInt64]

  /// A mask that keeps nothing; all sizes are at least 1.
  init(outputs: Int, inputs: Int, kernel: Int) {
    self.outputs = outputs
    self.inputs = inputs
    self.kernel = kernel
    let count = outputs * inputs * kernel * kernel
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  /// A mask of the given sizes, all at least 1, that keeps the weights `isKept` says.
  public init(
    outputs: Int, inputs: Int, kernel: Int,
    isKept: (_ output: Int, _ input: Int, _ tap: Int) -> Bool
  ) {
    self.init(outputs: outputs, inputs: inputs, kernel: kernel)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<kernel * kernel where isKept(output, input, tap) {
          self[output, input, tap] = true
        }
      }
    }
  }

  /// Weights there are, kept or not.
  public var total: Int { outputs * inputs * kernel * kernel }

  /// Weights that are kept; counted anew by every call.
  public var kept: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Whether a weight is kept; `tap` is `ky * kernel + kx`.
  public internal(set) subscript(output: Int, input: Int, tap: Int) -> Bool {
    get { self[index(output, input, tap)] }
    set {
      let index = index(output, input, tap)
      if newValue {
        words[index >> 6] |= 1 << UInt64(index & 63)
      } else {
        words[index >> 6] &= ~(1 << UInt64(index & 63))
      }
    }
  }

  /// Whether a weight is kept, by its place in the row-major array of all.
  public subscript(index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }

  /// 16 hexadecimal digits that tell masks apart: of the sizes and of every bit.
  public var digest: String {
    digestText([outputs, inputs, kernel].map(UInt64.init) + words)
  }

  private func index(_ output: Int, _ input: Int, _ tap: Int) -> Int {
    (output * inputs + input) * kernel * kernel + tap
  }
}

/// A mask that was made elsewhere, such as by training a network.
///
/// It is told apart by its digest, which is all that a table's file keeps of it: read back from there
/// it has no bits.
public struct GivenMask: Hashable, Sendable {
  /// ``WeightMask/digest``.
  public let digest: String
  /// The mask itself; `nil` if only its digest is known.
  public let bits: WeightMask?

  public init(_ mask: WeightMask) {
    digest = mask.digest
    bits = mask
  }

  /// A mask of which only the digest is known; `nil` unless that is 16 hexadecimal digits.
  public init?(digest: String) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
    guard digest.utf8.count == 16, digest.utf8.allSatisfy(isDigit) else { return nil }
    self.digest = digest
    bits = nil
  }

  public static func == (left: GivenMask, right: GivenMask) -> Bool {
    left.digest == right.digest
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(digest)
  }
}
