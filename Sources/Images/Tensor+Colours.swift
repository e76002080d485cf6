internal import Workloads

/// Colours as brightness and two differences, for networks that take brightness alone: BT.601 with
/// studio swing, the convention of super-resolution papers (MATLAB's `rgb2ycbcr`). R, G, B in 0...1
/// give Y in 16/255...235/255 and Cb, Cr in 16/255...240/255.
extension Tensor {
  /// The brightness Y of an image with three channels R, G, B, or of a grey one; `nil` for other
  /// numbers of channels.
  ///
  /// `Y = (65.481 R + 128.553 G + 24.966 B + 16) / 255`
  public var luma: Tensor? {
    switch shape.channels {
    case 1: Tensor(shape, values.map(Studio.luma))
    case 3: rgbToYCbCr.map { $0.channels(0..<1) }
    default: nil
    }
  }

  /// Y, Cb and Cr of an image with channels R, G, B; `nil` for other numbers of channels.
  public var rgbToYCbCr: Tensor? {
    mappingColours { red, green, blue in
      let bright = Studio.red * red + Studio.green * green + Studio.blue * blue
      return (
        Studio.luma(bright), Studio.chroma((blue - bright) / (1 - Studio.blue)),
        Studio.chroma((red - bright) / (1 - Studio.red))
      )
    }
  }

  /// R, G and B of an image with channels Y, Cb, Cr, not clamped; `nil` for other numbers of channels.
  public var yCbCrToRgb: Tensor? {
    mappingColours { luma, blueDifference, redDifference in
      let bright = Studio.bright(ofLuma: luma)
      let blue = bright + Studio.difference(ofChroma: blueDifference) * (1 - Studio.blue)
      let red = bright + Studio.difference(ofChroma: redDifference) * (1 - Studio.red)
      return (red, (bright - Studio.red * red - Studio.blue * blue) / Studio.green, blue)
    }
  }

  /// An image upscaled by a network that takes brightness alone: colour differences are resized
  /// bicubically to the size of the network's answer. A grey image stays grey; `nil` unless this one has
  /// 1 or 3 channels and the answer has 1.
  public func upscaled<Failure: Error>(
    byLuma network: (Tensor) throws(Failure) -> Tensor
  ) throws(Failure) -> Tensor? {
    guard let luma else { return nil }
    let answer = try network(luma)
    guard answer.shape.channels == 1 else { return nil }
    guard let all = rgbToYCbCr else {
      return Tensor(answer.shape, answer.values.map(Studio.bright))
    }
    let (height, width) = (answer.shape.height, answer.shape.width)
    let differences = all.channels(1..<3).resizedBicubic(height: height, width: width)
    return Tensor(
      MapShape(channels: 3, height: height, width: width), answer.values + differences.values
    ).yCbCrToRgb
  }

  private func mappingColours(
    _ transform: (Float, Float, Float) -> (Float, Float, Float)
  ) -> Tensor? {
    guard shape.channels == 3 else { return nil }
    let area = shape.height * shape.width
    var result = values
    for pixel in 0..<area {
      let colour = transform(values[pixel], values[area + pixel], values[2 * area + pixel])
      (result[pixel], result[area + pixel], result[2 * area + pixel]) = colour
    }
    return Tensor(shape, result)
  }
}

/// Brightness is `red * R + green * G + blue * B`; it takes 219 of 255 steps from 16 on, and a
/// difference 112 to each side of 128.
private enum Studio {
  static let red: Float = 0.299
  static let green: Float = 0.587
  static let blue: Float = 0.114

  static func luma(_ bright: Float) -> Float { (219 * bright + 16) / 255 }
  static func bright(ofLuma luma: Float) -> Float { (255 * luma - 16) / 219 }
  static func chroma(_ difference: Float) -> Float { (112 * difference + 128) / 255 }
  static func difference(ofChroma chroma: Float) -> Float { (255 * chroma - 128) / 112 }
}
