internal import Workloads

/// How much of a picture an output pixel depends on.
public struct ReceptiveField: Hashable, Sendable {
  /// How far from a pixel of the image the output pixels lie that see it, at most, in pixels of the image.
  ///
  /// A part of the picture with so many pixels more on each side gives the same output as the whole.
  public let radius: Int
  /// Parts of a picture must begin at multiples of this, so that strides fall on the same pixels.
  public let alignment: Int

  public init(radius: Int, alignment: Int) {
    self.radius = radius
    self.alignment = alignment
  }
}

extension Graph {
  /// What an output pixel depends on; `nil` where that is the whole image, as through global pooling.
  public var receptiveField: ReceptiveField? {
    var reaches: [Value: Reach] = [input: Reach()]
    var alignment = 1
    for node in nodes {
      let inputs = node.inputs.compactMap { reaches[$0] }
      guard inputs.count == node.inputs.count, let first = inputs.first else { return nil }
      var reach = inputs.reduce(first) { $0.joined($1) }
      guard node.layer.widen(&reach) else { return nil }
      reaches[node.output] = reach
      alignment = leastCommonMultiple(alignment, reach.pixel.over)
    }
    return reaches[output].map {
      ReceptiveField(radius: Int($0.radius.rounded(.up)), alignment: alignment)
    }
  }

  /// How far a map sees, and how large its pixels are, in pixels of the image.
  fileprivate struct Reach {
    var radius = 0.0
    /// `over / under` pixels of the image, without common factors.
    var pixel = (over: 1, under: 1)

    /// Side of a pixel in pixels of the image.
    var side: Double { Double(pixel.over) / Double(pixel.under) }

    func joined(_ other: Reach) -> Reach {
      Reach(
        radius: max(radius, other.radius), pixel: side >= other.side ? pixel : other.pixel)
    }

    mutating func enlargePixels(_ factor: Int) {
      let common = greatestCommonDivisor(factor, pixel.under)
      pixel = (pixel.over * (factor / common), pixel.under / common)
    }

    mutating func dividePixels(_ factor: Int) {
      let common = greatestCommonDivisor(factor, pixel.over)
      pixel = (pixel.over / common, pixel.under * (factor / common))
    }
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}

private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
  a / greatestCommonDivisor(a, b) * b
}

extension Layer {
  /// Lets a map see as far as this layer's result; false if that is everything.
  fileprivate func widen(_ reach: inout Graph.Reach) -> Bool {
    switch self {
    case .convolution(let it):
      // Pixels of the image that fall between two of the result see both.
      reach.radius += Double(it.kernel / 2 + it.stride - 1) * reach.side
      reach.enlargePixels(it.stride)
    case .transposedConvolution(let it):
      reach.radius += Double(it.subpixelConvolution.kernel / 2) * reach.side
      reach.dividePixels(it.stride)
    case .pixelShuffle(let factor): reach.dividePixels(factor)
    case .pixelUnshuffle(let factor):
      reach.radius += Double(factor - 1) * reach.side
      reach.enlargePixels(factor)
    case .resize(let mode, let factor):
      if mode == .bilinear { reach.radius += reach.side }
      reach.dividePixels(factor)
    case .globalAveragePool: return false
    case .activation, .affine, .add, .multiply, .concat, .slice, .select: break
    }
    return true
  }
}
