/// A candidate's JSON cut at its cells, but not read: cells of many candidates are the same text.
struct CandidateLine {
  /// The text before the first cell, up to the bracket.
  let head: Range<Int>
  /// The text of each cell, from its first brace to its last.
  let cells: [Range<Int>]
  /// The text behind the last cell, from the bracket on.
  let tail: Range<Int>

  /// Cuts a text; `nil` where it has no list of objects named `cells` in its outermost object.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let open = Self.openingBracket(bytes) else { return nil }
    var cells: [Range<Int>] = []
    var depth = 0
    var start = open
    var wantsComma = false
    var index = open
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        guard depth > 0, let end = Self.end(ofString: index, bytes) else { return nil }
        index = end
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0 {
          guard byte == UInt8(ascii: "{"), !wantsComma else { return nil }
          start = index
        }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 {
          // The list may not end behind a comma.
          guard byte == UInt8(ascii: "]"), wantsComma else { return nil }
          head = 0..<open
          self.cells = cells
          tail = index..<bytes.count
          return
        }
        depth -= 1
        if depth == 0 {
          cells.append(start..<index + 1)
          wantsComma = true
        }
      case UInt8(ascii: ",") where depth == 0:
        guard wantsComma else { return nil }
        wantsComma = false
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
      default: if depth == 0 { return nil }
      }
      index += 1
    }
    return nil
  }

  /// The place behind the bracket that opens the list named `cells`.
  private static func openingBracket(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var depth = 0
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        guard let end = end(ofString: index, bytes) else { return nil }
        if depth == 1, bytes[index..<end].elementsEqual(#""cells""#.utf8),
          let colon = next(from: end, bytes), bytes[colon] == UInt8(ascii: ":"),
          let bracket = next(from: colon + 1, bytes), bytes[bracket] == UInt8(ascii: "[")
        {
          return bracket + 1
        }
        index = end
        continue
      default: break
      }
      index += 1
    }
    return nil
  }

  /// The place behind a string that begins at `start`; `nil` where it does not end.
  private static func end(ofString start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\"") { return index + 1 }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// The next byte that is no space.
  private static func next(from start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    bytes[min(start, bytes.count)...].firstIndex {
      ![UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0)
    }
  }
}
