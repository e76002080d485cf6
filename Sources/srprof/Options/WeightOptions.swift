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
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(file) } catch {
      throw CommandFailure(.inputOutput, "\(file): \(error.reason)")
    }
    let tensors: Safetensors
    do throws(Safetensors.Malformed) { tensors = try Safetensors(bytes) } catch {
      throw CommandFailure(.badFile, "\(file): \(error.description)")
    }
    return { graph throws(CommandFailure) in
      do throws(InvalidGraph) { return try graph.replacingWeights(by: tensors) } catch {
        throw CommandFailure(.badFile, "\(file): \(error.description)")
      }
    }
  }
}
