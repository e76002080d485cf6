internal import ArgumentParser
internal import Images
internal import Networks
internal import Workloads

/// What goes into a network.
struct PictureOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: """
      What goes in: a picture (PNG), a tensor (NPY), or only a shape such as 1x3x180x320 (default: noise of the \
      network's own size).
      """)
  var input: String?

  /// The file that goes in; `nil` for a shape, or nothing.
  var file: String? { shape == nil ? input : nil }

  /// Height and width of what goes in; `nil` if nothing is said.
  func size(_ picture: Tensor?) -> ImageSize? {
    (picture?.shape ?? shape).map { ImageSize(width: $0.width, height: $0.height) }
  }

  /// The picture or tensor.
  func picture() throws(CommandFailure) -> Tensor? {
    guard let file else { return nil }
    do throws(ImageError) {
      let contents = try Tensor.read(file)
      if let note = contents.note { Terminal.note("note: \(note)") }
      return contents.tensor
    } catch {
      throw CommandFailure(error)
    }
  }

  private var shape: MapShape? {
    guard let input else { return nil }
    let sizes = input.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sizes.count == 4, sizes[0] == 1, let channels = sizes[1], let height = sizes[2],
      let width = sizes[3], channels > 0, height > 0, width > 0
    else { return nil }
    return MapShape(channels: channels, height: height, width: width)
  }
}
