internal import Foundation
import Statistics

/// Makes inputs of a kind from its corpus: the same from the same seed and number.
struct Mutator {
  let kind: Kind
  let corpus: [[UInt8]]
  private let seed: UInt64

  init(_ kind: Kind, seed: UInt64) throws {
    self.kind = kind
    self.seed = seed
    corpus = kind == .store ? try StoreFiles.corpus() + kind.corpus() : try kind.corpus()
  }

  /// The input of a number.
  func input(_ index: Int) throws -> [UInt8] {
    var random = SplitMix64(state: seed &* 0x9e37_79b9 &+ UInt64(index) &* 0xd129_0ff5)
    _ = random.next()
    var bytes = corpus[random.below(corpus.count)]
    for _ in 0..<1 + random.below(1 + random.below(4)) {
      if random.below(4) == 0 {
        bytes.mutate(with: corpus[random.below(corpus.count)], &random)
      } else {
        try mutateStructure(of: &bytes, &random)
      }
    }
    switch kind {
    case .png where random.below(4) > 0: PNGFile.mendChecksums(of: &bytes)
    case .npy where random.below(2) > 0: bytes.mendHeaderLength()
    case .weights where random.below(2) > 0: bytes.mendLengthOfTensors()
    default: break
    }
    return bytes
  }

  private func mutateStructure(of bytes: inout [UInt8], _ random: inout SplitMix64) throws {
    switch kind {
    case .table, .profile, .limits, .mask, .candidate, .npy, .weights, .space:
      bytes.mutateTokens(with: corpus[random.below(corpus.count)], &random)
    case .onnx: bytes.mutateFields(&random)
    case .png: PNGFile.mutate(&bytes, &random)
    case .store: try StoreFiles.mutate(&bytes, StoreFiles.tables, &random)
    case .search: try StoreFiles.mutate(&bytes, StoreFiles.searchTables, &random)
    }
  }
}

extension [UInt8] {
  /// Changes bytes, whatever they mean.
  mutating func mutate(with other: [UInt8], _ random: inout SplitMix64) {
    guard !isEmpty else { return append(UInt8(truncatingIfNeeded: random.next())) }
    let place = random.below(count)
    let length = 1 + random.below(Swift.min(count - place, 1 << random.below(10)))
    switch random.below(8) {
    case 0: self[place] ^= 1 << UInt8(random.below(8))
    case 1: self[place] = [0, 1, 0x7f, 0x80, 0xff, 0x22, 0x2d, 0x5c, 0x0a][random.below(9)]
    case 2: removeSubrange(place..<place + length)
    case 3: insert(contentsOf: Array(self[place..<place + length]), at: place)
    case 4: removeSubrange(place...)
    case 5:
      let start = random.below(other.count)
      let end = start + random.below(other.count - start)
      replaceSubrange(place..<place + length, with: other[start..<end])
    case 6:
      for index in place..<place + length { self[index] = UInt8(truncatingIfNeeded: random.next()) }
    default: self = Array(self[..<place]) + other[Swift.min(place, other.count)...]
    }
  }

  /// Writes the length of a safetensors header that has been changed; its end is the first pair of braces.
  mutating func mendLengthOfTensors() {
    let brace = UInt8(ascii: "}")
    guard count > 10,
      let end = (9..<count).first(where: { self[$0 - 1] == brace && self[$0] == brace })
    else { return }
    for place in 0..<8 { self[place] = UInt8((end - 7) >> (place * 8) & 255) }
  }

  /// Writes the length of an NPY header that has been changed; its end is the first line feed.
  mutating func mendHeaderLength() {
    guard count > 10, let end = self[10...].firstIndex(of: 0x0a) else { return }
    self[8] = UInt8((end - 9) & 255)
    self[9] = UInt8((end - 9) >> 8 & 255)
  }
}
