/// How a resize makes the pixels in between.
public enum Interpolation: String, Hashable, Sendable, Codable, CaseIterable {
  /// The value of the pixel an output pixel lies in.
  case nearest
  /// Linear in both directions between pixel centres, which lie at half; pixels at the border go on
  /// beyond it. ONNX calls it `half_pixel`, PyTorch `align_corners=False`.
  case bilinear
}
