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
    var reaches: [Value: Reach] = [input: Reach(radius: 0, pixel: 1)]
    var alignment = 1.0
    for node in nodes {
      let inputs = node.inputs.compactMap { reaches[$0] }
      guard inputs.count == node.inputs.count, let first = inputs.first else { return nil }
      var reach = inputs.reduce(first) { $0.joined($1) }
      guard node.layer.widen(&reach) else { return nil }
      reaches[node.output] = reach
      alignment = max(alignment, reach.pixel)
    }
    return reaches[output].map {
      ReceptiveField(radius: Int($0.radius.rounded(.up)), alignment: Int(alignment))
    }
  }

  /// How far a map sees, and how large its pixels are, in pixels of the image.
  fileprivate struct Reach {
    var radius: Double
    var pixel: Double

    func joined(_ other: Reach) -> Reach {
      Reach(radius: max(radius, other.radius), pixel: max(pixel, other.pixel))
    }
  }
}

extension Layer {
  /// Lets a map see as far as this layer's result; false if that is everything.
  fileprivate func widen(_ reach: inout Graph.Reach) -> Bool {
    switch self {
    case .convolution(let it):
      reach.radius += Double(it.kernel / 2) * reach.pixel
      reach.pixel *= Double(it.stride)
    case .transposedConvolution(let it):
      reach.radius += Double(it.subpixelConvolution.kernel / 2) * reach.pixel
      reach.pixel /= Double(it.stride)
    case .pixelShuffle(let factor): reach.pixel /= Double(factor)
    case .pixelUnshuffle(let factor):
      reach.radius += Double(factor - 1) * reach.pixel
      reach.pixel *= Double(factor)
    case .resize(let mode, let factor):
      if mode == .bilinear { reach.radius += reach.pixel }
      reach.pixel /= Double(factor)
    case .globalAveragePool: return false
    case .activation, .affine, .add, .multiply, .concat, .slice, .select: break
    }
    return true
  }
}
