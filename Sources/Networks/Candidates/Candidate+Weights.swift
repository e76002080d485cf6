public import Files
internal import Workloads

extension Candidate {
  /// This candidate as trained weights of its full widths have it: in layers that are pruned by filters, those
  /// without weights and bias are taken out, and every rate is that of what is left.
  ///
  /// - Throws: A tensor that is missing or has another shape, or weights that are not pruned by their scheme.
  public func fitted(
    to file: Safetensors
  ) throws(InvalidGraph) -> (candidate: Candidate, weights: Safetensors) {
    var result = self
    var tensors: [String: Safetensors.Values] = [:]
    for (name, entry) in file.entries {
      tensors[name] = file[name].flatMap { Safetensors.Values(shape: entry.shape, $0) }
    }
    for (place, cell) in cells.enumerated() {
      var inputs = Array(0..<channels)
      var available = channels
      for (index, kernel) in cell.block.kernels.enumerated() {
        let name = "cell\(place).conv\(index)"
        var layer = try TrainedLayer(name, kernel: kernel, inputs: available, in: file)
        available = layer.outputs
        layer.select(inputs: inputs)
        if index < cell.middle.count { result.cells[place].middle[index] = layer.outputs }
        let scheme = cell.layers[index].scheme
        inputs = Array(0..<layer.outputs)
        if scheme == .filter {
          inputs = layer.livingFilters
          result.cells[place].layers[index].rate = Double(layer.outputs) / Double(inputs.count)
          layer.select(outputs: inputs)
        } else if let pruning = cell.layers[index].pruning {
          result.cells[place].layers[index].rate = try layer.rate(of: pruning.scheme)
        }
        tensors["\(name).weight"] = layer.weightTensor
        tensors["\(name).bias"] = Safetensors.Values(shape: [layer.outputs], layer.bias)
      }
    }
    return (result, Safetensors(tensors, metadata: file.metadata))
  }
}

/// A convolution of a cell on its way out of a file and into another.
private struct TrainedLayer {
  let name: String
  let kernel: Int
  var inputs: Int
  var outputs: Int
  var weights: [Float]
  var bias: [Float]

  init(
    _ name: String, kernel: Int, inputs: Int, in file: Safetensors
  ) throws(InvalidGraph) {
    guard let weights = file["\(name).weight"], let bias = file["\(name).bias"] else {
      throw InvalidGraph(description: "lacks '\(name).weight' or '\(name).bias'")
    }
    guard bias.count > 0, let shape = file.entries["\(name).weight"]?.shape,
      shape == [bias.count, inputs, kernel, kernel]
    else {
      throw InvalidGraph(
        description: "tensor '\(name).weight' has the shape "
          + "\(file.entries["\(name).weight"]?.shape ?? []), not \([bias.count, inputs, kernel, kernel])"
      )
    }
    (self.name, self.kernel, self.inputs, outputs) = (name, kernel, inputs, bias.count)
    (self.weights, self.bias) = (weights, bias)
  }

  private var taps: Int { kernel * kernel }

  var weightTensor: Safetensors.Values? {
    Safetensors.Values(shape: [outputs, inputs, kernel, kernel], weights)
  }

  /// Filters that give anything, but at least the first.
  var livingFilters: [Int] {
    let length = inputs * taps
    let living = (0..<outputs).filter { output in
      bias[output] != 0
        || weights[output * length..<(output + 1) * length].contains { $0 != 0 }
    }
    return living.isEmpty ? [0] : living
  }

  mutating func select(inputs chosen: [Int]) {
    guard chosen.count < inputs else { return }
    var rest: [Float] = []
    for output in 0..<outputs {
      for input in chosen {
        let first = (output * inputs + input) * taps
        rest += weights[first..<first + taps]
      }
    }
    weights = rest
    inputs = chosen.count
  }

  mutating func select(outputs chosen: [Int]) {
    let length = inputs * taps
    weights = chosen.flatMap { weights[$0 * length..<($0 + 1) * length] }
    bias = chosen.map { bias[$0] }
    outputs = chosen.count
  }

  /// All weights over those that a scheme keeps of these, or kernels for patterns.
  func rate(of scheme: Sparsity.Scheme) throws(InvalidGraph) -> Double {
    do throws(InvalidWorkload) {
      let mask = try WeightMask(
        scheme, of: weights, Convolution(kernel: kernel, inputs: inputs, outputs: outputs))
      if case .pattern(let library) = scheme {
        return Double(outputs * inputs) / (Double(mask.kept) / Double(library.entries))
      }
      return Double(mask.total) / Double(mask.kept)
    } catch {
      throw InvalidGraph(description: "tensor '\(name).weight': \(error.description)")
    }
  }
}
