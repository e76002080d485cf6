internal import Files

extension FilePlace {
  /// Throws if a file that is to be written is one of those that are read or kept. All commands ask this
  /// before they touch anything.
  static func require(
    _ output: String, besides inputs: [String]
  ) throws(CommandFailure) {
    guard let place = FilePlace(output) else { return }
    if let input = inputs.first(where: { FilePlace($0) == place }) {
      throw CommandFailure(
        .usage,
        "\(output) is what is read\(input == output ? "" : " as \(input)"), and would be lost")
    }
  }
}
