/// How one number of an activation or a weight is stored and computed with.
public enum ElementType: String, Hashable, Sendable, Codable, CaseIterable {
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary16.
  case float16

  /// Bytes one element takes in memory.
  public var byteCount: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    }
  }

  /// Half the distance between 1 and the next number: the largest relative error of one rounding.
  public var unitRoundoff: Double {
    switch self {
    case .float32: 0x1p-24
    case .float16: 0x1p-11
    }
  }
}
