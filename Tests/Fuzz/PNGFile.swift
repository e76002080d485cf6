import Statistics

/// PNG files: a signature, and chunks with a length, a name and a checksum.
enum PNGFile {
  /// Where the chunks lie, each from its length to its checksum.
  private static func chunks(of bytes: [UInt8]) -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var start = 8
    while start + 12 <= bytes.count {
      let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - start - 12 else { break }
      chunks.append(start..<start + 12 + length)
      start += 12 + length
    }
    return chunks
  }

  /// Takes a chunk out, doubles or moves it, or changes what is in it.
  static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let chunks = chunks(of: bytes)
    guard !chunks.isEmpty else { return bytes.mutate(with: bytes + [0], &random) }
    let chunk = chunks[random.below(chunks.count)]
    switch random.below(6) {
    case 0: bytes.removeSubrange(chunk)
    case 1: bytes.insert(contentsOf: Array(bytes[chunk]), at: chunk.upperBound)
    case 2:
      let names = ["gAMA", "tRNS", "PLTE", "sRGB", "iCCP", "IDAT", "IEND", "bKGD", "cHRM", "sBIT"]
      bytes.replaceSubrange(
        chunk.lowerBound + 4..<chunk.lowerBound + 8, with: names[random.below(names.count)].utf8)
    case 3:
      // The size of the picture, or its format.
      let place = 16 + random.below(13)
      if place < bytes.count {
        bytes[place] = [0, 1, 2, 3, 4, 6, 8, 16, 0x7f, 0xff][random.below(10)]
      }
    default:
      guard chunk.count > 12 else { return }
      let place = chunk.lowerBound + 8 + random.below(chunk.count - 12)
      bytes[place] = UInt8(truncatingIfNeeded: random.next())
    }
  }

  /// Writes the checksums of all chunks.
  static func mendChecksums(of bytes: inout [UInt8]) {
    for chunk in chunks(of: bytes) {
      let sum = checksum(bytes[chunk.lowerBound + 4..<chunk.upperBound - 4])
      for index in 0..<4 {
        bytes[chunk.upperBound - 4 + index] = UInt8(
          truncatingIfNeeded: sum >> UInt32(24 - 8 * index))
      }
    }
  }

  /// CRC-32 (ISO 3309).
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1) * 0xedb8_8320 }
    }
  }
}
