internal import Glibc
internal import Statistics

/// A network of full layers with ReLU between them and one output, for inputs that are 0 or 1.
struct Perceptron {
  private var layers: [Layer]

  /// Weights by input, then output; biases.
  fileprivate struct Layer {
    let inputs: Int
    let outputs: Int
    var weights: [Float]
    var biases: [Float]
    /// First and second moments of the gradients (Kingma and Ba, Adam, ICLR 2015).
    var moments: [SIMD2<Float>]
    var gradients: [Float]

    init(inputs: Int, outputs: Int, using generator: inout SplitMix64) {
      self.inputs = inputs
      self.outputs = outputs
      let scale = (2 / Double(max(inputs, 1))).squareRoot()
      weights = (0..<inputs * outputs).map { _ in Float(generator.normal() * scale) }
      biases = [Float](repeating: 0, count: outputs)
      moments = [SIMD2<Float>](repeating: .zero, count: inputs * outputs + outputs)
      gradients = [Float](repeating: 0, count: inputs * outputs + outputs)
    }
  }

  /// - Parameter widths: Of the input, the layers between, and the output.
  init(_ widths: [Int], using generator: inout SplitMix64) {
    layers = []
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      layers.append(Layer(inputs: inputs, outputs: outputs, using: &generator))
    }
  }

  /// The output for inputs of which those at some places are 1.
  func output(_ ones: [Int]) -> Float { activations(ones).last?.first ?? 0 }

  /// Outputs of all layers.
  private func activations(_ ones: [Int]) -> [[Float]] {
    var all: [[Float]] = []
    for (index, layer) in layers.enumerated() {
      var out = layer.biases
      func add(_ input: Int, _ value: Float) {
        let start = input * layer.outputs
        for output in 0..<layer.outputs { out[output] += value * layer.weights[start + output] }
      }
      if let below = all.last {
        for (input, value) in below.enumerated() where value != 0 { add(input, value) }
      } else {
        for input in ones { add(input, 1) }
      }
      if index < layers.count - 1 {
        for output in out.indices { out[output] = max(0, out[output]) }
      }
      all.append(out)
    }
    return all
  }

  /// Trains by the mean absolute error: Adam at 0.01 over 150 epochs in batches of 32, at a tenth of that in
  /// the last third.
  mutating func fit(_ inputs: [[Int]], _ values: [Float], using generator: inout SplitMix64) {
    var order = Array(inputs.indices)
    var step: Float = 0
    for epoch in 0..<Self.epochs {
      for index in order.indices.reversed().dropLast() {
        order.swapAt(index, generator.below(index + 1))
      }
      let rate: Float = epoch * 3 > Self.epochs * 2 ? 0.001 : 0.01
      for start in stride(from: 0, to: order.count, by: Self.batch) {
        let batch = order[start..<min(start + Self.batch, order.count)]
        for sample in batch {
          addGradients(inputs[sample], value: values[sample], share: 1 / Float(batch.count))
        }
        step += 1
        for index in layers.indices { layers[index].descend(rate: rate, step: step) }
      }
    }
  }

  private static let epochs = 150
  private static let batch = 32

  private mutating func addGradients(_ ones: [Int], value: Float, share: Float) {
    let outputs = activations(ones)
    var above: [Float] = [(outputs.last?.first ?? 0) > value ? share : -share]
    for index in layers.indices.reversed() {
      let width = layers[index].outputs
      let biases = layers[index].inputs * width
      for output in 0..<width { layers[index].gradients[biases + output] += above[output] }
      guard index > 0 else {
        for input in ones {
          for output in 0..<width { layers[0].gradients[input * width + output] += above[output] }
        }
        return
      }
      let below = outputs[index - 1]
      var errors = [Float](repeating: 0, count: below.count)
      for (input, value) in below.enumerated() where value > 0 {
        let start = input * width
        var sum: Float = 0
        for output in 0..<width {
          layers[index].gradients[start + output] += value * above[output]
          sum += layers[index].weights[start + output] * above[output]
        }
        errors[input] = sum
      }
      above = errors
    }
  }
}

extension Perceptron.Layer {
  /// One step of Adam; gradients are 0 afterwards.
  fileprivate mutating func descend(rate: Float, step: Float) {
    let corrections = (1 - pow(0.9, step), 1 - pow(0.99, step))
    for index in gradients.indices {
      let gradient = gradients[index]
      gradients[index] = 0
      let old = moments[index]
      let new = SIMD2(
        0.9 * old.x + 0.1 * gradient, 0.99 * old.y + 0.01 * gradient * gradient)
      moments[index] = new
      let change =
        rate * (new.x / corrections.0) / ((new.y / corrections.1).squareRoot() + 1e-7)
      if index < weights.count {
        weights[index] -= change
      } else {
        biases[index - weights.count] -= change
      }
    }
  }
}
