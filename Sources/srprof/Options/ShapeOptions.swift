internal import ArgumentParser
internal import Networks
internal import Workloads

/// The shape of the image that goes into a network.
struct ShapeOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: "Shape of the image that goes in, such as 1x3x180x320 (default: the network's own).")
  private var text: String?

  func validate() throws {
    guard let text else { return }
    do throws(InvalidGraph) { _ = try MapShape(parsing: text) } catch {
      throw ValidationError("--input: \(error).")
    }
  }

  /// The shape; `nil` if none is given.
  var shape: MapShape? { text.flatMap { try? MapShape(parsing: $0) } }
}
