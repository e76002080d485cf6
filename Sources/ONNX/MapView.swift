internal import Networks
internal import Workloads

/// A feature map under other axes: what Reshape, Transpose and DepthToSpace make of it, before
/// anything moves.
///
/// Each axis of the view is a list of parts of the map's own axes, so that pixel and channel shuffles
/// are known by what they do, whichever operators they are written with.
struct MapView {
  enum Axis: Hashable {
    case channel
    case height
    case width
  }

  /// `size` positions on an axis of the map, `stride` apart.
  struct Part: Hashable {
    let axis: Axis
    let size: Int
    let stride: Int
  }

  let source: Graph.Value
  /// The parts of each axis, the last one fastest; none for an axis of size 1.
  let axes: [[Part]]

  /// Sizes of the axes.
  var dims: [Int] { axes.map { $0.reduce(1) { $0 * $1.size } } }

  private init(_ source: Graph.Value, _ axes: [[Part]]) {
    self.source = source
    self.axes = axes
  }

  /// A map as it is.
  init(_ source: Graph.Value, _ shape: MapShape, _ layout: ImageLayout = .channelsFirst) {
    let image = [
      [], Part.whole(.channel, shape.channels), Part.whole(.height, shape.height),
      Part.whole(.width, shape.width),
    ]
    self.init(source, layout == .channelsFirst ? image : [0, 2, 3, 1].map { image[$0] })
  }

  /// The same view of another map of the same shape.
  func with(source: Graph.Value) -> MapView { MapView(source, axes) }

  /// Axis `i` of the result is axis `order[i]`, which `order` has once each.
  func transposed(_ order: [Int]) -> MapView { MapView(source, order.map { axes[$0] }) }

  /// The same elements in the same order under axes of these sizes; `nil` if their number differs, or
  /// a part would be cut unevenly.
  func reshaped(_ dims: [Int]) -> MapView? {
    var left = Array(axes.joined().reversed())
    var result: [[Part]] = []
    for size in dims {
      var wanted = size
      var parts: [Part] = []
      while wanted > 1 {
        guard let part = left.popLast() else { return nil }
        if wanted % part.size == 0 {
          parts.append(part)
          wanted /= part.size
        } else if part.size % wanted == 0 {
          let inner = part.size / wanted
          parts.append(Part(axis: part.axis, size: wanted, stride: part.stride * inner))
          left.append(Part(axis: part.axis, size: inner, stride: part.stride))
          wanted = 1
        } else {
          return nil
        }
      }
      guard wanted == 1 else { return nil }
      result.append(parts)
    }
    guard left.allSatisfy({ $0.size == 1 }) else { return nil }
    return MapView(source, result.map { $0.filter { $0.size > 1 } })
  }

  /// The layers that make an image of the view, its axes batch, channels, height and width; `nil` if
  /// no select, pixel-shuffle and pixel-unshuffle does.
  func layers(of shape: MapShape) -> [Layer]? {
    guard axes.count == 4, axes[0].isEmpty else { return nil }
    let (channels, rows, columns) = (axes[1].merged, axes[2].merged, axes[3].merged)
    return shuffle(shape, channels, rows, columns) ?? unshuffle(shape, channels, rows, columns)
  }

  /// Rows and columns of the map, each followed by a part of the channels.
  private func shuffle(
    _ shape: MapShape, _ channels: [Part], _ rows: [Part], _ columns: [Part]
  ) -> [Layer]? {
    guard let row = rows.last, let column = columns.last,
      rows.dropLast() == Part.whole(.height, shape.height)[...],
      columns.dropLast() == Part.whole(.width, shape.width)[...],
      row.axis == .channel, column.axis == .channel, row.size == column.size,
      channels.allSatisfy({ $0.axis == .channel })
    else { return nil }
    let order = (channels + [row, column]).positions.map(\.channel)
    return select(order) + [.pixelShuffle(factor: row.size)]
  }

  /// Every `factor`th row and column of the map, the ones in between among the channels; with a
  /// factor of 1 only channels move.
  private func unshuffle(
    _ shape: MapShape, _ channels: [Part], _ rows: [Part], _ columns: [Part]
  ) -> [Layer]? {
    let height = rows.reduce(1) { $0 * $1.size }
    let width = columns.reduce(1) { $0 * $1.size }
    let factor = shape.height / height
    guard shape.height == height * factor, shape.width == width * factor,
      rows == Part.whole(.height, height, stride: factor),
      columns == Part.whole(.width, width, stride: factor)
    else { return nil }
    let count = channels.reduce(1) { $0 * $1.size }
    guard count <= MapShape.largestSize else { return nil }
    let order = channels.positions.map {
      ($0.channel * factor + $0.row) * factor + $0.column
    }
    return (factor > 1 ? [.pixelUnshuffle(factor: factor)] : []) + select(order)
  }

  private func select(_ channels: [Int]) -> [Layer] {
    channels.elementsEqual(0..<channels.count) ? [] : [.select(channels)]
  }
}

extension MapView.Part {
  /// An axis as a whole; nothing if it has but one position.
  fileprivate static func whole(
    _ axis: MapView.Axis, _ size: Int, stride: Int = 1
  ) -> [MapView.Part] {
    size > 1 ? [MapView.Part(axis: axis, size: size, stride: stride)] : []
  }
}

extension [MapView.Part] {
  /// The same positions in as few parts as there can be.
  fileprivate var merged: [MapView.Part] {
    reduce(into: []) { result, part in
      if let last = result.last, last.axis == part.axis, last.stride == part.size * part.stride {
        result[result.count - 1] = MapView.Part(
          axis: part.axis, size: last.size * part.size, stride: part.stride)
      } else {
        result.append(part)
      }
    }
  }

  /// Where on the map each position lies, the last part fastest.
  fileprivate var positions: [(channel: Int, row: Int, column: Int)] {
    reduce([(0, 0, 0)]) { positions, part in
      positions.flatMap { position in
        (0..<part.size).map { index in
          var result = position
          switch part.axis {
          case .channel: result.channel += index * part.stride
          case .height: result.row += index * part.stride
          case .width: result.column += index * part.stride
          }
          return result
        }
      }
    }
  }
}

/// In which order an image's axes come: `[1, c, h, w]`, or `[1, h, w, c]` as in TensorFlow.
enum ImageLayout {
  case channelsFirst
  case channelsLast

  var channelAxis: Int { self == .channelsFirst ? 1 : 3 }
  var heightAxis: Int { self == .channelsFirst ? 2 : 1 }
  var widthAxis: Int { self == .channelsFirst ? 3 : 2 }

  /// Sizes in this order.
  func dims(_ shape: MapShape) -> [Int] {
    self == .channelsFirst
      ? [1, shape.channels, shape.height, shape.width]
      : [1, shape.height, shape.width, shape.channels]
  }
}
