public import Networks
public import Workloads

/// A picture in overlapping tiles of one size, so that networks can run on pictures that are larger than
/// the device allows: every output pixel is taken from a tile that sees all it depends on.
public struct Tiling: Hashable, Sendable {
  /// Of the picture.
  public let picture: MapShape
  /// Height and width of every tile.
  public let height: Int
  public let width: Int
  /// Upper left corners of the tiles.
  public let corners: [Corner]
  private let rows: [Span]
  private let columns: [Span]

  public struct Corner: Hashable, Sendable {
    public let y: Int
    public let x: Int
  }

  /// Along one direction: where a tile begins, and which pixels are taken from it.
  private struct Span: Hashable {
    let start: Int
    let kept: Range<Int>
  }

  /// Covers a picture with tiles of at most `height` x `width`; `nil` if they are no larger than what
  /// overlaps, or the picture is no multiple of the field's alignment.
  public init?(picture: MapShape, height: Int, width: Int, field: ReceptiveField) {
    func size(_ asked: Int, of total: Int) -> Int {
      asked >= total ? total : asked / field.alignment * field.alignment
    }
    self.picture = picture
    self.height = size(height, of: picture.height)
    self.width = size(width, of: picture.width)
    guard let rows = Self.spans(picture.height, self.height, field),
      let columns = Self.spans(picture.width, self.width, field)
    else { return nil }
    self.rows = rows
    self.columns = columns
    corners = rows.flatMap { row in columns.map { Corner(y: row.start, x: $0.start) } }
  }

  /// Tiles one after the other, each beginning where the one before stops being right; the last is moved
  /// back to end with the picture.
  private static func spans(_ total: Int, _ size: Int, _ field: ReceptiveField) -> [Span]? {
    if size == total { return [Span(start: 0, kept: 0..<total)] }
    let (radius, alignment) = (field.radius, field.alignment)
    guard size >= 2 * radius + 2 * alignment, total % alignment == 0 else { return nil }
    var spans: [Span] = []
    var done = 0
    while done < total {
      let start = min(max(done - radius, 0) / alignment * alignment, total - size)
      let end = start + size == total ? total : start + size - radius
      spans.append(Span(start: start, kept: done..<end))
      done = end
    }
    return spans
  }

  /// The part of the picture in a tile, `[c, h, w]` row-major.
  public func tile(_ index: Int, of image: [Float]) -> [Float] {
    let corner = corners[index]
    var tile: [Float] = []
    tile.reserveCapacity(picture.channels * height * width)
    for channel in 0..<picture.channels {
      for y in 0..<height {
        let first = picture.index(channel, corner.y + y, corner.x)
        tile += image[first..<first + width]
      }
    }
    return tile
  }

  /// Puts the pixels of a tile's result that are right into the whole result.
  ///
  /// - Parameters:
  ///   - result: Of the tile, `[c, height * scale, width * scale]`.
  ///   - whole: `[c, picture height * scale, picture width * scale]`.
  public func place(
    _ result: [Float], _ index: Int, channels: Int, scale: Int, into whole: inout [Float]
  ) {
    let (row, column) = (rows[index / columns.count], columns[index % columns.count])
    let source = MapShape(channels: channels, height: height * scale, width: width * scale)
    let target = MapShape(
      channels: channels, height: picture.height * scale, width: picture.width * scale)
    let kept = (column.kept.lowerBound - column.start) * scale
    let count = column.kept.count * scale
    for channel in 0..<channels {
      for y in row.kept.lowerBound * scale..<row.kept.upperBound * scale {
        let from = source.index(channel, y - row.start * scale, kept)
        let to = target.index(channel, y, column.kept.lowerBound * scale)
        whole.replaceSubrange(to..<to + count, with: result[from..<from + count])
      }
    }
  }
}
