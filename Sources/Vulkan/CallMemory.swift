/// Memory for one call: the structs, arrays and names that Vulkan's create-infos point to.
///
/// It keeps the calls flat, where nested `withUnsafe…` closures would take one level per pointer.
final class CallMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  fileprivate init() {}

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// A copy of one struct.
  func one<T: BitwiseCopyable>(_ value: T) -> UnsafeMutablePointer<T> {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
    pointer.initialize(to: value)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  /// A copy of an array; nil when it is empty, as Vulkan expects it.
  func array<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T>? {
    guard !values.isEmpty else { return nil }
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: values.count)
    pointer.initialize(from: values, count: values.count)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  /// A copy of a text, ended by a zero.
  func text(_ string: String) -> UnsafePointer<CChar> {
    let units = string.utf8.map { CChar(bitPattern: $0) } + [0]
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: units.count)
    pointer.initialize(from: units, count: units.count)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return UnsafePointer(pointer)
  }

  /// An array of names, as create-infos take layers and extensions; nil when it is empty.
  func texts(_ strings: [String]) -> UnsafePointer<UnsafePointer<CChar>?>? {
    let pointers: [UnsafePointer<CChar>?] = strings.map { text($0) }
    return array(pointers).map { UnsafePointer($0) }
  }
}

/// Runs `body` with memory that is released when it returns.
func withCallMemory<Result>(_ body: (CallMemory) -> Result) -> Result {
  let memory = CallMemory()
  return withExtendedLifetime(memory) { body(memory) }
}

/// Text from a C array of characters, which Swift sees as a tuple.
func text<T: BitwiseCopyable>(_ characters: T) -> String {
  withUnsafeBytes(of: characters) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// Lowercase hexadecimal digits of a C array of bytes, which Swift sees as a tuple.
func hexadecimal<T: BitwiseCopyable>(_ bytes: T) -> String {
  withUnsafeBytes(of: bytes) { bytes in
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
