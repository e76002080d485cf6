public import Workloads

/// A profile of pruned layers with the masks that they were given, and the files of the masks: what
/// ``Profile/init(yaml:file:readFile:)`` reads as the same workloads.
public struct MaskProfile {
  /// The profile.
  public let yaml: String
  /// Texts of the masks, by their paths beside the profile.
  public let masks: [(path: String, text: String)]

  /// - Parameters:
  ///   - name: Of the profile.
  ///   - folder: The masks' folder, beside the profile.
  ///   - layers: Workloads under the names of their masks' files. Those whose mask was drawn, or is not known, are
  ///     left out.
  /// - Returns: `nil` if no layer has a mask of its own.
  public init?(name: String, folder: String, layers: [(name: String, workload: Workload)]) {
    var masks: [(path: String, text: String)] = []
    var lines: [String] = []
    for layer in layers {
      guard layer.workload.hasGivenMask, let mask = layer.workload.mask,
        case .convolution(let it) = layer.workload.operation
      else { continue }
      let path = "\(folder)/\(layer.name).txt"
      masks.append((path, Self.text(of: mask, layer.name)))
      lines.append("  - convolution: \(Self.item(it, layer.workload, mask: path))")
    }
    guard !masks.isEmpty else { return nil }
    self.masks = masks
    let types = Set(layers.map(\.workload.elementType.rawValue)).sorted()
    yaml = """
      name: \(Self.literal(name))
      description: layers with the masks of a training
      elementTypes: [\(types.joined(separator: ", "))]
      workloads:
      \(lines.joined(separator: "\n"))

      """
  }

  /// One line for each kernel, a digit for each weight.
  private static func text(of mask: WeightMask, _ name: String) -> String {
    let taps = mask.kernel * mask.kernel
    var text = "# \(name): \(mask.inputs) -> \(mask.outputs), \(mask.kept) of \(mask.total)\n"
    for kernel in 0..<mask.outputs * mask.inputs {
      text += String((0..<taps).map { mask[kernel * taps + $0] ? "1" : "0" }) + "\n"
    }
    return text
  }

  private static func item(_ it: Convolution, _ workload: Workload, mask: String) -> String {
    var fields = ["kernel: \(it.kernel)", "channels: [[\(it.inputs), \(it.outputs)]]"]
    if it.stride != 1 { fields.append("stride: \(it.stride)") }
    if it.groups != 1 { fields.append("groups: \(it.groups)") }
    if it.activation != .none { fields.append("activation: '\(it.activation)'") }
    if it.residual != .none { fields.append("residual: \(it.residual.rawValue)") }
    if it.shuffle != 1 { fields.append("shuffle: \(it.shuffle)") }
    if it.passing != 0 { fields.append("passing: \(it.passing)") }
    fields += [
      "maps: [[\(workload.height), \(workload.width)]]",
      "sparsity: { mask: \(literal(mask)) }",
    ]
    return "{ \(fields.joined(separator: ", ")) }"
  }

  /// As a string of YAML between quotes.
  private static func literal(_ text: String) -> String {
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
  }
}
