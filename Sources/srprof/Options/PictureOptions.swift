internal import ArgumentParser
internal import Execution
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

  /// Whether a picture goes in, and not a tensor that the network takes as it is.
  var isImage: Bool { file?.lowercased().hasSuffix(".npy") == false }

  /// The shape that is given in place of a file.
  var shape: MapShape? { input.flatMap { try? MapShape(parsing: $0) } }

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
}

extension PictureNetwork {
  /// Throws if a picture cannot go in, or what comes out be written to a file.
  ///
  /// - Parameter isImage: Whether it holds colours or grey, of which a network may take the brightness.
  func require(_ picture: Tensor, isImage: Bool, output: String?) throws(CommandFailure) {
    let (takes, has) = (lowered.inputShape.channels, picture.shape.channels)
    guard takes == has || (isImage && takes == 1 && has == 3) else {
      throw CommandFailure(
        .badFile, "\(graph.name) takes \(takes) channels, and the picture has \(has)")
    }
    let gives = lowered.outputShape.channels
    guard output?.lowercased().hasSuffix(".png") != true || gives == 1 || gives == 3 else {
      throw CommandFailure(
        .usage, "\(graph.name) gives \(gives) channels, which no PNG has; write an .npy")
    }
  }
}
