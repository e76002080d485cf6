internal import ArgumentParser
internal import Networks
internal import Tables

/// Which network is meant.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: "A network of a family, such as wdsr-b:blocks=16,scale=4 (see srprof networks).")
  var network: String?

  @Option(
    help: "A file with a candidate of a search: the block of each cell, the pruning of each layer.",
    completion: .file(extensions: ["json"]))
  var candidate: String?

  /// Whether no network is named.
  var isEmpty: Bool { network == nil && candidate == nil }

  /// The network that is named.
  ///
  /// - Parameter size: Of the image that comes in; `nil` for the network's own.
  func graph(input size: ImageSize? = nil) throws(CommandFailure) -> Graph {
    switch (network, candidate) {
    case (let text?, nil): return try Self.graph(of: text, input: size)
    case (nil, let file?): return try Self.graph(ofCandidate: file, input: size)
    case (nil, nil):
      throw CommandFailure(
        .usage, "no network is named: give --network FAMILY:KEY=VALUE,... or --candidate FILE")
    default:
      throw CommandFailure(.usage, "--network and --candidate exclude each other")
    }
  }

  /// The network of a description.
  static func graph(
    of text: String, input size: ImageSize? = nil
  ) throws(CommandFailure) -> Graph {
    do throws(InvalidNetwork) {
      let description = try NetworkDescription(parsing: text)
      return try description.graph(input: size ?? description.inputSize)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  private static func graph(
    ofCandidate file: String, input size: ImageSize?
  ) throws(CommandFailure) -> Graph {
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(file) } catch {
      throw CommandFailure(.inputOutput, "\(file): \(error.reason)")
    }
    do throws(InvalidNetwork) {
      var candidate = try Candidate(json: bytes)
      if let size { candidate.input = size }
      return try candidate.graph()
    } catch {
      throw CommandFailure(.badFile, "\(file): \(error.description)")
    }
  }
}
