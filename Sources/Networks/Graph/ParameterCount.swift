/// How many numbers a network or a layer learns, by kind: published counts differ in what they leave
/// out.
public struct ParameterCount: Hashable, Sendable, Encodable {
  /// Of convolutions, pruned ones included.
  public var weights = 0
  public var biases = 0
  /// Of PReLU.
  public var slopes = 0

  public init(weights: Int = 0, biases: Int = 0, slopes: Int = 0) {
    self.weights = weights
    self.biases = biases
    self.slopes = slopes
  }

  public var total: Int { weights + biases + slopes }
}

extension Layer {
  /// Learned numbers.
  public var parameters: Int { parameterCount.total }

  /// Learned numbers by kind.
  public var parameterCount: ParameterCount {
    var seen: Set<ObjectIdentifier> = []
    return parameterCount(notIn: &seen)
  }

  /// Learned numbers that are not among those seen before, to which they are added.
  func parameterCount(notIn seen: inout Set<ObjectIdentifier>) -> ParameterCount {
    func new(_ it: Parameters?) -> Int {
      guard let it, seen.insert(it.identity).inserted else { return 0 }
      return it.count
    }
    return switch self {
    case .convolution(let it):
      ParameterCount(weights: new(it.weights), biases: new(it.bias))
    case .transposedConvolution(let it):
      ParameterCount(weights: new(it.weights), biases: new(it.bias))
    case .activation(.prelu(let slopes)): ParameterCount(slopes: new(slopes))
    default: ParameterCount()
    }
  }
}
