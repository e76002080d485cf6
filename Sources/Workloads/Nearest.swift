/// The word of `words` that was most likely meant by `word`, or `nil` if none is close.
///
/// Close is an edit distance (letters inserted, removed, replaced, or swapped with their neighbour,
/// upper and lower case alike) of at most a third of the longer word, and of at least one edit; of
/// equally close words the first. A word that it begins, by three letters at least, is closer than all.
public func nearest(to word: String, in words: some Sequence<String>) -> String? {
  let typed = Array(word.lowercased().prefix(longestWord + 1))
  guard typed.count <= longestWord else { return nil }
  var best: (word: String, distance: Int)?
  for candidate in words {
    let letters = Array(candidate.lowercased())
    let edits = editDistance(typed, letters)
    let begins = typed.count >= 3 && letters.starts(with: typed)
    guard begins || edits <= max(1, max(typed.count, letters.count) / 3) else { continue }
    let distance = begins ? min(edits, 1) : 2 * edits
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

/// Longer text is not a mistyped word.
private let longestWord = 64

/// Optimal string alignment: three rows of the table are enough to see a swap.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for (i, letter) in a.enumerated() {
    var row = [i + 1]
    for (j, other) in b.enumerated() {
      var least = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (letter == other ? 0 : 1))
      if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other {
        least = min(least, beforePrevious[j - 1] + 1)
      }
      row.append(least)
    }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[b.count]
}
