internal import CSystem

/// Small texts that the system gives.
enum TextFile {
  /// All bytes of a file; `nil` where it cannot be read. Sizes of files under /proc are zero, so that only
  /// reading to the end tells what they hold.
  static func bytes(_ path: String) -> [UInt8]? {
    let descriptor = path.withCString { system_open_to_read($0) }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: piece.prefix(count))
    }
  }

  /// The first line of a file, without spaces around it; `nil` where it cannot be read.
  static func line(_ path: String) -> String? {
    bytes(path).map { trimmed($0.prefix { $0 != 10 }) }
  }

  /// The value of a key in a file of lines with a key, a separator and a value, without quotation marks.
  static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let bytes = bytes(path), let mark = separator.asciiValue else { return nil }
    for line in bytes.split(separator: 10) {
      guard let middle = line.firstIndex(of: mark),
        trimmed(line[..<middle]) == key
      else { continue }
      return trimmed(line[line.index(after: middle)...].filter { $0 != 34 })
    }
    return nil
  }

  /// The first line that a command prints; empty if it prints none.
  static func output(of command: String) -> String {
    lines(of: command).first ?? ""
  }

  /// The lines that a command prints.
  static func lines(of command: String) -> [String] {
    guard let stream = popen(command + " 2>/dev/null", "r") else { return [] }
    defer { pclose(stream) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 12)
    while bytes.count < 1 << 20 {
      let count = fread(&piece, 1, piece.count, stream)
      if count == 0 { break }
      bytes.append(contentsOf: piece.prefix(count))
    }
    return bytes.split(separator: 10).map { trimmed($0) }
  }

  /// Text from a C array of characters, which Swift sees as a tuple.
  static func text<T: BitwiseCopyable>(_ characters: T) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private static func trimmed(_ bytes: some Collection<UInt8>) -> String {
    let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 13 }
    let front = Array(bytes.drop(while: isBlank))
    let length = (front.lastIndex { !isBlank($0) } ?? -1) + 1
    return String(decoding: front.prefix(length), as: UTF8.self)
  }
}
