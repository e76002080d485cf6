internal import XNNPACK

/// Which values of a graph a network's buffer is made of, from step to step.
struct BufferContents {
  /// Some of a buffer's channels.
  struct Piece {
    var channels: Range<Int>
    let value: Subgraph.Value
    /// All channels that the value had when it was written.
    let whole: Range<Int>
  }

  /// Sorted, and never overlapping.
  private var pieces: [Piece] = []

  /// Puts a value in place of what its channels had.
  mutating func write(_ value: Subgraph.Value, to channels: Range<Int>) {
    var rest: [Piece] = []
    for piece in pieces {
      for part in [
        piece.channels.clamped(to: 0..<channels.lowerBound),
        piece.channels.clamped(to: channels.upperBound..<Int.max),
      ] where !part.isEmpty {
        rest.append(Piece(channels: part, value: piece.value, whole: piece.whole))
      }
    }
    rest.append(Piece(channels: channels, value: value, whole: channels))
    pieces = rest.sorted { $0.channels.lowerBound < $1.channels.lowerBound }
  }

  /// What channels are made of, in their order; `nil` if some were never written.
  func read(_ channels: Range<Int>) -> [Piece]? {
    var next = channels.lowerBound
    var result: [Piece] = []
    for var piece in pieces where piece.channels.overlaps(channels) {
      piece.channels = piece.channels.clamped(to: channels)
      guard piece.channels.lowerBound == next else { return nil }
      next = piece.channels.upperBound
      result.append(piece)
    }
    return next == channels.upperBound ? result : nil
  }
}
