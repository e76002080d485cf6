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
    var moments: [Float]
    var squares: [Float]
    var gradients: [Float]

    init(inputs: Int, outputs: Int, using generator: inout SplitMix64) {
      self.inputs = inputs
      self.outputs = outputs
      let scale = (2 / Double(max(inputs, 1))).squareRoot()
      weights = (0..<inputs * outputs).map { _ in Float(generator.normal() * scale) }
      biases = [Float](repeating: 0, count: outputs)
      gradients = [Float](repeating: 0, count: inputs * outputs + outputs)
      moments = gradients
      squares = gradients
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
      out.withUnsafeMutableBufferPointer { out in
        layer.weights.withUnsafeBufferPointer { weights in
          func add(_ input: Int, _ value: Float) {
            let start = input * layer.outputs
            for output in 0..<layer.outputs { out[output] += value * weights[start + output] }
          }
          if let below = all.last {
            for (input, value) in below.enumerated() where value != 0 { add(input, value) }
          } else {
            for input in ones { add(input, 1) }
          }
        }
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
      if index > 0 {
        above = layers[index].propagate(above, below: outputs[index - 1])
      } else {
        layers[0].propagate(above, ones: ones)
      }
    }
  }
}

extension Perceptron.Layer {
  /// Adds the gradients of the layer for errors of its outputs; gives the errors of its inputs, which ReLU lets
  /// pass where they are above 0.
  fileprivate mutating func propagate(_ above: [Float], below: [Float]) -> [Float] {
    var errors = [Float](repeating: 0, count: below.count)
    let width = outputs
    gradients.withUnsafeMutableBufferPointer { gradients in
      weights.withUnsafeBufferPointer { weights in
        above.withUnsafeBufferPointer { above in
          for (input, value) in below.enumerated() where value > 0 {
            let start = input * width
            var sum: Float = 0
            for output in 0..<width {
              gradients[start + output] += value * above[output]
              sum += weights[start + output] * above[output]
            }
            errors[input] = sum
          }
          for output in 0..<width { gradients[below.count * width + output] += above[output] }
        }
      }
    }
    return errors
  }

  /// The same for the first layer, whose inputs at some places are 1.
  fileprivate mutating func propagate(_ above: [Float], ones: [Int]) {
    for input in ones {
      for output in 0..<outputs { gradients[input * outputs + output] += above[output] }
    }
    for output in 0..<outputs { gradients[inputs * outputs + output] += above[output] }
  }

  /// One step of Adam; gradients are 0 afterwards.
  fileprivate mutating func descend(rate: Float, step: Float) {
    let corrections = (1 - pow(0.9, step), 1 - pow(0.99, step))
    func descend(_ numbers: inout [Float], from first: Int) {
      numbers.withUnsafeMutableBufferPointer { numbers in
        gradients.withUnsafeMutableBufferPointer { gradients in
          moments.withUnsafeMutableBufferPointer { moments in
            squares.withUnsafeMutableBufferPointer { squares in
              for index in numbers.indices {
                let place = first + index
                let gradient = gradients[place]
                gradients[place] = 0
                let moment = 0.9 * moments[place] + 0.1 * gradient
                let square = 0.99 * squares[place] + 0.01 * gradient * gradient
                moments[place] = moment
                squares[place] = square
                numbers[index] -=
                  rate * (moment / corrections.0) / ((square / corrections.1).squareRoot() + 1e-7)
              }
            }
          }
        }
      }
    }
    descend(&weights, from: 0)
    descend(&biases, from: weights.count)
  }
}
