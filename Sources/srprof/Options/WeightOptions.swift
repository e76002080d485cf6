internal import ArgumentParser
internal import Files
internal import Networks

/// Trained numbers of a network.
struct WeightOptions: ParsableArguments {
  @Option(
    help: """
      A safetensors file with trained numbers for the --network or --candidate: NODE.weight and NODE.bias \
      of each convolution. Zeros of pruned layers are their masks.
      """,
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  /// The way to put the numbers into a network; it changes nothing where no file is named.
  ///
  /// - Parameter isModel: Whether the network is a model that has numbers of its own.
  func replacement(
    isModel: Bool
  ) throws(CommandFailure) -> (Graph) throws(CommandFailure) -> Graph {
    guard let file = weights else { return { $0 } }
    guard !isModel else {
      throw CommandFailure(
        .usage, "--weights is for --network and --candidate: an ONNX model has its own")
    }
    let tensors = try Safetensors(argument: file)
    return { graph throws(CommandFailure) in
      try graph.replacingWeights(by: tensors, of: file)
    }
  }
}

extension Safetensors {
  /// The tensors of a file.
  init(argument file: String) throws(CommandFailure) {
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(file) } catch {
      throw CommandFailure(.inputOutput, "\(file): \(error.reason)")
    }
    do throws(Malformed) { try self.init(bytes) } catch {
      throw CommandFailure(.badFile, "\(file): \(error.description)")
    }
  }
}

extension Graph {
  /// This network with the numbers of a file.
  func replacingWeights(by tensors: Safetensors, of file: String) throws(CommandFailure) -> Graph {
    do throws(InvalidGraph) { return try replacingWeights(by: tensors) } catch {
      throw CommandFailure(.badFile, "\(file): \(error.description)")
    }
  }
}
