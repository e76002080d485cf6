internal import Workloads

/// What the formats of other programs have in common.
extension Workload {
  /// Channels of the input; of both inputs of a concat.
  var exportedInputChannels: Int {
    switch operation {
    case .concat(let first, let second): first + second
    default:
      activations.first { $0.operand == .input }?.shape.channels ?? 0
    }
  }

  /// The words of the name that neither shapes nor the stride say.
  var wordsBesideShape: [String] {
    words.dropFirst(3).filter { !$0.hasPrefix("stride") }
  }

  /// Which channels come from where, for a concat.
  var concatWord: String? {
    if case .concat(let first, let second) = operation { "\(first)+\(second)" } else { nil }
  }
}
