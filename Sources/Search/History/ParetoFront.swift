/// Points that no other beats: none costs less without being worth less.
public enum ParetoFront {
  /// Places of the points on the front, by rising cost; of equal points, the first.
  ///
  /// - Parameters:
  ///   - costs: Less is better; without NaN.
  ///   - values: One for each cost; more is better.
  public static func indices(costs: [Double], values: [Double]) -> [Int] {
    let order = costs.indices.sorted {
      (costs[$0], -values[$0], $0) < (costs[$1], -values[$1], $1)
    }
    var front: [Int] = []
    for index in order where front.last.map({ values[index] > values[$0] }) ?? true {
      front.append(index)
    }
    return front
  }
}
