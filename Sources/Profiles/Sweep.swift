import Workloads

/// One item of a profile: an operator and the axes along which it varies.
struct Sweep {
  /// Everything that axes choose, and where in the file the numbers stand.
  struct Point {
    var height = 0
    var width = 0
    var elementType = ElementType.float32
    /// The sizes of a convolution.
    var convolution = Convolution(kernel: 1, inputs: 0, outputs: 0)
    /// The channels of an operator that has only one number of them, or the first of two.
    var channels = 0
    /// The second number of channels of a concat.
    var second = 0
    var factor = 0
    /// How a resize interpolates.
    var mode = Interpolation.nearest
    var pruning = Pruning.none
    var positions: [InvalidWorkload.Part: Position] = [:]
  }

  /// The choices of one axis, each a change of the point.
  typealias Axis = [(inout Point) -> Void]

  let file: String
  let position: Position
  var axes: [Axis] = []
  /// What the operator is at a point.
  let operation: (Point) -> Operation

  /// Workloads of the sweep, ``Int/max`` if they are more than can be counted.
  var count: Int {
    axes.reduce(1) { count, axis in
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.count)
      return overflow ? .max : product
    }
  }

  /// The product of the axes.
  func workloads() throws(ProfileError) -> [Workload] {
    let points = axes.reduce([Point()]) { points, axis in
      points.flatMap { point in
        axis.map { choose in
          var point = point
          choose(&point)
          return point
        }
      }
    }
    return try points.map { (point) throws(ProfileError) in
      do throws(InvalidWorkload) {
        var point = point
        point.convolution = try point.pruning.applied(to: point.convolution)
        return try Workload(
          operation(point), height: point.height, width: point.width,
          elementType: point.elementType)
      } catch {
        throw ProfileError(
          file: file, position: point.positions[error.part] ?? position, error.description)
      }
    }
  }
}

extension Sweep {
  /// An axis of whole numbers, each known to the workload as `part`.
  static func numbers(
    _ value: Value, _ part: InvalidWorkload.Part, _ set: @escaping (inout Point, Int) -> Void
  ) throws(ProfileError) -> Axis {
    try value.scalars().map { (element) throws(ProfileError) in
      try number(element, part, set)
    }
  }

  /// An axis of pairs of whole numbers.
  static func pairs(
    _ value: Value, _ names: (String, String),
    _ parts: (InvalidWorkload.Part, InvalidWorkload.Part),
    _ set: @escaping (inout Point, Int, Int) -> Void
  ) throws(ProfileError) -> Axis {
    try value.pairs(names.0, names.1).map { (pair) throws(ProfileError) in
      let (first, second) = (try pair.0.wholeNumber(), try pair.1.wholeNumber())
      let positions = (pair.0.position, pair.1.position)
      return {
        set(&$0, first, second)
        $0.positions[parts.0] = positions.0
        $0.positions[parts.1] = positions.1
      }
    }
  }

  private static func number(
    _ element: Value, _ part: InvalidWorkload.Part, _ set: @escaping (inout Point, Int) -> Void
  ) throws(ProfileError) -> (inout Point) -> Void {
    let number = try element.wholeNumber()
    let position = element.position
    return {
      set(&$0, number)
      $0.positions[part] = position
    }
  }
}
