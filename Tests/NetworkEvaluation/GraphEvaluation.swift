internal import Glibc
public import Networks
internal import Workloads

extension Graph {
  /// What the network makes of an image: each layer by its definition, one number after the other.
  public func evaluated(_ image: [Float]) -> [[Float]] {
    var maps: [[Float]] = [image]
    for node in nodes {
      let inputs = node.inputs.map { maps[$0.index] }
      maps.append(
        node.layer.result(of: inputs, shapes: node.inputs.map { self[$0] }, to: self[node.output]))
    }
    return maps
  }
}

extension Layer {
  fileprivate func result(
    of inputs: [[Float]], shapes: [MapShape], to output: MapShape
  ) -> [Float] {
    let (input, shape) = (inputs[0], shapes[0])
    let plane = shape.height * shape.width
    func at(_ place: Int) -> (channel: Int, y: Int, x: Int) {
      let (rest, x) = place.quotientAndRemainder(dividingBy: output.width)
      let (channel, y) = rest.quotientAndRemainder(dividingBy: output.height)
      return (channel, y, x)
    }
    func make(_ number: (_ channel: Int, _ y: Int, _ x: Int) -> Float) -> [Float] {
      (0..<output.channels * output.height * output.width).map {
        let place = at($0)
        return number(place.channel, place.y, place.x)
      }
    }
    func read(_ channel: Int, _ y: Int, _ x: Int) -> Float {
      input[(channel * shape.height + y) * shape.width + x]
    }
    switch self {
    case .convolution(let it): return it.result(of: input, shape, to: output)
    case .transposedConvolution(let it): return it.result(of: input, shape, to: output)
    case .activation(.relu): return input.map { max($0, 0) }
    case .activation(.leakyRelu(let slope)): return input.map { $0 > 0 ? $0 : slope * $0 }
    case .activation(.prelu(let slopes)):
      let slopes = slopes.values
      return input.enumerated().map {
        $1 > 0 ? $1 : slopes[slopes.count == 1 ? 0 : $0 / plane] * $1
      }
    case .activation(.clip(let low, let high)): return input.map { min(max($0, low), high) }
    case .activation(.sigmoid): return input.map { Float(1 / (1 + exp(-Double($0)))) }
    case .activation(.tanh): return input.map { Float(tanh(Double($0))) }
    case .affine(let scale, let shift):
      let (scale, shift) = (scale.values, shift.values)
      return input.enumerated().map { scale[$0 / plane] * $1 + shift[$0 / plane] }
    case .add: return zip(inputs[0], inputs[1]).map { $0 + $1 }
    case .multiply:
      let isWhole = inputs[1].count == input.count
      return input.enumerated().map { $1 * inputs[1][isWhole ? $0 : $0 / plane] }
    case .concat: return inputs.flatMap(\.self)
    case .slice(let first, _): return make { read(first + $0, $1, $2) }
    case .select(let channels): return make { read(channels[$0], $1, $2) }
    case .pixelShuffle(let factor):
      return make {
        read(($0 * factor + $1 % factor) * factor + $2 % factor, $1 / factor, $2 / factor)
      }
    case .pixelUnshuffle(let factor):
      return make { channel, y, x in
        let (source, place) = channel.quotientAndRemainder(dividingBy: factor * factor)
        return read(source, y * factor + place / factor, x * factor + place % factor)
      }
    case .globalAveragePool:
      return (0..<shape.channels).map { channel in
        input[channel * plane..<(channel + 1) * plane].reduce(0, +) / Float(plane)
      }
    case .resize(.nearest, let factor): return make { read($0, $1 / factor, $2 / factor) }
    case .resize(.bilinear, let factor):
      return make { channel, y, x in
        func source(_ place: Int, _ size: Int) -> (Int, Int, Float) {
          let centre = min(max((Float(place) + 0.5) / Float(factor) - 0.5, 0), Float(size - 1))
          let first = Int(centre)
          return (first, min(first + 1, size - 1), centre - Float(first))
        }
        let (y0, y1, v) = source(y, shape.height)
        let (x0, x1, u) = source(x, shape.width)
        let above = read(channel, y0, x0) * (1 - u) + read(channel, y0, x1) * u
        let below = read(channel, y1, x0) * (1 - u) + read(channel, y1, x1) * u
        return above * (1 - v) + below * v
      }
    }
  }
}

extension ConvolutionLayer {
  fileprivate func result(of input: [Float], _ shape: MapShape, to output: MapShape) -> [Float] {
    let weights = keptWeights.values
    var result: [Float] = []
    let bias = bias?.values
    let (ins, outs, reach) = (inputs / groups, outputs / groups, kernel / 2)
    for o in 0..<outputs {
      for y in 0..<output.height {
        for x in 0..<output.width {
          var sum = Double(bias?[o] ?? 0)
          for i in 0..<ins {
            let plane = (o / outs * ins + i) * shape.height
            for ky in 0..<kernel where 0..<shape.height ~= y * stride + ky - reach {
              let row = (plane + y * stride + ky - reach) * shape.width
              let taps = ((o * ins + i) * kernel + ky) * kernel
              for kx in 0..<kernel where 0..<shape.width ~= x * stride + kx - reach {
                let number = input[row + x * stride + kx - reach]
                sum += Double(weights[taps + kx]) * Double(number)
              }
            }
          }
          result.append(Float(sum))
        }
      }
    }
    return result
  }
}

extension TransposedConvolutionLayer {
  fileprivate func result(of input: [Float], _ shape: MapShape, to output: MapShape) -> [Float] {
    let (weights, bias) = (weights.values, bias?.values)
    let plane = output.height * output.width
    var result = (0..<outputs * plane).map { bias?[$0 / plane] ?? 0 }
    for (place, number) in input.enumerated() {
      let (rest, x) = place.quotientAndRemainder(dividingBy: shape.width)
      let (i, y) = rest.quotientAndRemainder(dividingBy: shape.height)
      for o in 0..<outputs {
        for ky in 0..<kernel where 0..<output.height ~= y * stride + ky - padding {
          for kx in 0..<kernel where 0..<output.width ~= x * stride + kx - padding {
            let target = (o * output.height + y * stride + ky - padding) * output.width
            result[target + x * stride + kx - padding] +=
              weights[((i * outputs + o) * kernel + ky) * kernel + kx] * number
          }
        }
      }
    }
    return result
  }
}
