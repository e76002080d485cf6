internal import ArgumentParser
internal import Report

/// A picture beside the text of a command.
struct DrawingOptions: ParsableArguments {
  @Option(
    help: "Also draw what was found to this file, an .svg or an .html (needs gnuplot-nox).",
    completion: .file(extensions: ["svg", "html"]))
  var picture: String?

  func validate() throws {
    if let picture, !picture.hasSuffix(".svg"), !picture.hasSuffix(".html") {
      throw ValidationError("--picture is an .svg or an .html file.")
    }
  }

  /// The file, found writable, where pictures can be drawn at all; `nil` for none.
  ///
  /// - Parameter inputs: Files that the command reads or keeps, which are not to be overwritten.
  func file(besides inputs: [String]) throws(CommandFailure) -> OutputFile? {
    guard let picture else { return nil }
    do throws(Scatter.Failure) { try Scatter.requireDrawing() } catch {
      throw CommandFailure(.inputOutput, "\(picture) cannot be drawn: \(error)")
    }
    return try OutputFile(path: picture, besides: inputs)
  }

  /// Draws to the file.
  ///
  /// - Parameters:
  ///   - command: What made the picture, for the foot of a page.
  ///   - page: The page in place of one that has the picture alone.
  func draw(
    _ scatter: Scatter, to file: OutputFile, command: String,
    page: ((String) throws(Scatter.Failure) -> PicturePage)? = nil
  ) throws(CommandFailure) {
    let text: String
    do throws(Scatter.Failure) {
      if picture?.hasSuffix(".html") != true {
        text = try scatter.svg()
      } else if let page {
        text = try page(command).html
      } else {
        text = try scatter.html(command: command)
      }
    } catch {
      throw CommandFailure(.inputOutput, "\(file.name) is not drawn: \(error)")
    }
    try file.write(text)
  }
}
