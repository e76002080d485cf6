internal import Workloads

/// SRCNN (Dong et al., ECCV 2014), FSRCNN (Dong et al., ECCV 2016) and ESPCN (Shi et al., CVPR 2016).
/// They were made for the brightness of an image alone, so they have one color unless told otherwise.
extension NetworkFamily {
  static let srcnn = NetworkFamily(
    "srcnn", "SRCNN: three convolutions of an image that has its final size already.",
    scale: enlargement, colors: colors, keys: [first.key, second.key, kernel.key]
  ) { net, settings throws(InvalidGraph) in
    let image = try net.enlarged(by: settings[enlargement])
    var map = try net.conv(image, 9, to: settings[first], "conv0", then: .relu)
    map = try net.conv(map, settings[kernel], to: settings[second], "conv1", then: .relu)
    _ = try net.conv(map, 5, to: settings[colors], "conv2")
  }

  static let fsrcnn = NetworkFamily(
    "fsrcnn", "FSRCNN: shrinking, mapping and expanding convolutions, and a deconvolution.",
    scale: scale, colors: colors, keys: [features.key, shrunk.key, mappings.key]
  ) { net, settings throws(InvalidGraph) in
    var map = try net.conv(net.input, 5, to: settings[features], "features", then: .prelu)
    map = try net.conv(map, 1, to: settings[shrunk], "shrink", then: .prelu)
    for index in 0..<settings[mappings] {
      map = try net.conv(map, 3, to: settings[shrunk], "map\(index)", then: .prelu)
    }
    map = try net.conv(map, 1, to: settings[features], "expand", then: .prelu)
    _ = try net.deconv(map, 9, to: settings[colors], stride: settings[scale], "deconv")
  }

  static let espcn = NetworkFamily(
    "espcn", "ESPCN: three convolutions and a pixel shuffle.",
    scale: scale, colors: colors, keys: [first.key, second.key, activation.key]
  ) { net, settings throws(InvalidGraph) in
    let activation: GraphBuilder.Activation = settings[activation] == .tanh ? .tanh : .relu
    let scale = settings[scale]
    var map = try net.conv(net.input, 5, to: settings[first], "conv0", then: activation)
    map = try net.conv(map, 3, to: settings[second], "conv1", then: activation)
    map = try net.conv(map, 3, to: settings[colors] * scale * scale, "conv2")
    _ = try net.shuffle(map, scale)
  }

  private enum Function: String, CaseIterable { case tanh, relu }

  private static let first = Setting<Int>.whole(
    "first", 64, 1...512, "Channels behind the first convolution.")
  private static let second = Setting<Int>.whole(
    "second", 32, 1...512, "Channels behind the second convolution.")
  private static let kernel = Setting<Int>.whole(
    "kernel", 5, of: [1, 3, 5, 7], "Kernel of the second convolution.")
  private static let features = Setting<Int>.whole(
    "features", 56, 1...512, "Channels of the first and the expanded features.")
  private static let shrunk = Setting<Int>.whole(
    "shrunk", 12, 1...512, "Channels of the mapping.")
  private static let mappings = Setting<Int>.whole(
    "mappings", 4, 1...64, "Convolutions of the mapping.")
  private static let activation = Setting<Function>.word(
    "activation", .tanh, "What follows a convolution; the paper has tanh, others relu.")
}

extension NetworkFamily {
  /// For networks whose papers enlarge the image before.
  static let enlargement = Setting<Int>.whole(
    "scale", 1, 1...4,
    "How many times the image is enlarged in front of the network, bilinearly; 1 takes an image of "
      + "its final size, as the paper does.")

  /// For networks that were made for brightness alone.
  static let colors = Setting<Int>.whole(
    "colors", 1, of: [1, 3], "Channels of the image: brightness, or red, green and blue.")
}

extension GraphBuilder {
  /// The image that comes in, `scale` times larger.
  mutating func enlarged(by scale: Int) throws(InvalidGraph) -> Graph.Value {
    if scale == 1 { return input }
    return try add(.resize(.bilinear, factor: scale), input, name: "enlarge")
  }
}
