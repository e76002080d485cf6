/// The kind of a shader's binding; the position in the list of bindings is its number.
public enum BindingKind: Sendable, Hashable {
  /// A storage buffer, read and written.
  case storageBuffer
  /// A uniform block.
  case uniformBuffer
  /// An array of `count` uniform blocks that see the buffer in slices of `bytes`.
  case uniformSlices(count: Int, bytes: Int)
  /// A buffer read as RGBA32F texels (`samplerBuffer`).
  case uniformTexelBuffer
  /// A buffer read as RGBA16F texels (`samplerBuffer`).
  case uniformTexelBuffer16
  /// A buffer read as rows of `width` RGBA32F texels (`texture2D`).
  case linearImage(width: Int)
  /// A buffer read as rows of `width` RGBA16F texels (`texture2D`).
  case linearImage16(width: Int)
}
