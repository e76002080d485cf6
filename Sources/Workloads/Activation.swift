internal import Glibc

/// The non-linearity a convolution applies to its result before storing it.
public enum Activation: Hashable, Sendable {
  /// The result as it is.
  case none
  /// `max(x, 0)`.
  case relu
  /// `x` where positive, else `slope[channel] * x`; one learned slope for each output channel.
  case prelu
  /// `min(max(x, minimum), maximum)`; the interval includes zero, so that padding stays zero.
  case clip(minimum: Float, maximum: Float)
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `tanh(x)`.
  case tanh

  /// The activation of `x`, with `slope` read only by ``prelu``.
  public func callAsFunction(_ x: Double, slope: Double) -> Double {
    switch self {
    case .none: x
    case .relu: max(x, 0)
    case .prelu: x > 0 ? x : slope * x
    case .clip(let minimum, let maximum): min(max(x, Double(minimum)), Double(maximum))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Glibc.tanh(x)
    }
  }

  /// Whether it is computed from exponentials, with errors of its own.
  public var isExponential: Bool { self == .sigmoid || self == .tanh }
}

extension Activation: CustomStringConvertible {
  /// The word used in workload names and profiles: `none`, `relu`, `prelu`, `clip[0,1]`, `sigmoid`,
  /// `tanh`.
  public var description: String {
    switch self {
    case .none: "none"
    case .relu: "relu"
    case .prelu: "prelu"
    case .clip(let minimum, let maximum): "clip[\(Self.text(minimum)),\(Self.text(maximum))]"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    }
  }

  /// Reads what ``description`` writes; `clip` alone means `clip[0,1]`. `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    switch text {
    case "none": self = .none
    case "relu": self = .relu
    case "prelu": self = .prelu
    case "sigmoid": self = .sigmoid
    case "tanh": self = .tanh
    case "clip": self = .clip(minimum: 0, maximum: 1)
    default:
      guard text.hasPrefix("clip["), text.hasSuffix("]") else { return nil }
      let bounds = text.dropFirst(5).dropLast()
        .split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
      guard bounds.count == 2, let minimum = bounds[0], let maximum = bounds[1] else { return nil }
      self = .clip(minimum: minimum, maximum: maximum)
    }
  }

  private static func text(_ bound: Float) -> String {
    bound == bound.rounded() && abs(bound) < 1e6 ? String(Int(bound)) : String(bound)
  }
}

extension Activation: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Whether a second activation is added to a convolution's result, and on which side of the
/// activation function.
public enum Residual: String, Hashable, Sendable, Codable, CaseIterable {
  /// Nothing is added.
  case none
  /// `activation(convolution) + residual`, as in EDSR, WDSR and SESR.
  case afterActivation
  /// `activation(convolution + residual)`, as in ResNet and CARN.
  case beforeActivation
}
