public import Networks
public import Tables
internal import Workloads

extension LatencyTable {
  /// Sizes of images that a network could begin with: of the convolutions of three channels, with how many
  /// rows have each, in the order of the first.
  public var imageSizes: [(size: ImageSize, rows: Int)] {
    var order: [ImageSize] = []
    var counts: [ImageSize: Int] = [:]
    for row in rows {
      guard case .convolution(let it) = row.workload.operation, it.inputs == 3 else { continue }
      let size = ImageSize(width: row.workload.width, height: row.workload.height)
      if counts[size] == nil { order.append(size) }
      counts[size, default: 0] += 1
    }
    return order.map { ($0, counts[$0] ?? 0) }
  }
}
