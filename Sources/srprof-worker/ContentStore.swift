internal import CSystem
internal import DeviceProtocol

/// Contents that the host has sent, by their digests, so that none crosses the wire twice. Those that were
/// used least lately go when there is no room.
final class ContentStore {
  private struct Entry {
    let bytes: [UInt8]
    var lastUse: UInt64
  }

  private let capacity: Int
  private var entries: [Digest: Entry] = [:]
  private var size = 0
  private var uses: UInt64 = 0
  /// Contents whose pieces are coming.
  private var coming: (digest: Digest, bytes: [UInt8])?

  /// A store for an eighth of the memory, at most a gibibyte: phones give a program no more in peace.
  init() {
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    capacity = min(max(memory / 8, 64 << 20), 1 << 30)
  }

  /// The contents with a digest, if they are kept.
  subscript(digest: Digest) -> [UInt8]? {
    guard let bytes = entries[digest]?.bytes else { return nil }
    uses += 1
    entries[digest]?.lastUse = uses
    return bytes
  }

  /// Takes the next piece; the last one completes the contents. False if it does not follow the one before,
  /// or the whole has another digest.
  func add(_ piece: ContentPiece, _ bytes: ArraySlice<UInt8>) -> Bool {
    if piece.offset == 0 { coming = (piece.digest, []) }
    guard var whole = coming, whole.digest == piece.digest, whole.bytes.count == piece.offset,
      bytes.count <= piece.byteCount - piece.offset
    else {
      coming = nil
      return false
    }
    coming = nil
    if piece.offset == 0 { whole.bytes.reserveCapacity(piece.byteCount) }
    whole.bytes.append(contentsOf: bytes)
    guard whole.bytes.count == piece.byteCount else {
      coming = whole
      return true
    }
    guard Digest(of: whole.bytes) == piece.digest else { return false }
    keep(whole.bytes, piece.digest)
    return true
  }

  private func keep(_ bytes: [UInt8], _ digest: Digest) {
    guard entries[digest] == nil else { return }
    uses += 1
    entries[digest] = Entry(bytes: bytes, lastUse: uses)
    size += bytes.count
    // The newest stays, since it is about to be used.
    while size > capacity, entries.count > 1,
      let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      size -= oldest.value.bytes.count
      entries[oldest.key] = nil
    }
  }
}
