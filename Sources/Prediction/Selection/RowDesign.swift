internal import Glibc
public import Workloads

/// Chooses the layers of a sweep to measure, so that the others are predicted best from them: one after another, each
/// time the one that takes most from what is not known of all (a greedy A-optimal design of a Gaussian process;
/// Cohn, Neural network exploration using optimal experiment design, 1996).
///
/// Layers of one group say something about each other, by the correlation that predictions are made with
/// (``LayerPoint``) and by a law of which little is known before the first of them: the choice begins at the ends of
/// each group, which tell the law, and goes on where neighbours are far. Times play no part but by the errors that are
/// told.
public struct RowDesign {
  private var groups: [Group] = []
  private var places: [Workload: (group: Int, member: Int)] = [:]

  /// - Parameters:
  ///   - layers: The layers, each with how much it matters, relative to the others; 0 for not at all.
  ///   - channelBlock: Channels that the device stores side by side.
  public init(_ layers: [(workload: Workload, weight: Double)], channelBlock: Int) {
    var places: [LayerPoint.Group: Int] = [:]
    var members: [[(workload: Workload, point: LayerPoint, weight: Double)]] = []
    for layer in layers {
      let point = LayerPoint(layer.workload, channelBlock: channelBlock)
      let place = places[point.group, default: members.count]
      if place == members.count { members.append([]) }
      places[point.group] = place
      members[place].append((layer.workload, point, layer.weight))
    }
    groups = members.map { Group($0.everyNth(toAbout: Self.most)) }
    for (group, it) in groups.enumerated() {
      for (member, workload) in it.workloads.enumerated() {
        self.places[workload] = (group, member)
      }
    }
  }

  /// Groups of layers that say something about each other.
  public var groupCount: Int { groups.count }

  /// Takes a layer that is measured.
  public mutating func take(_ workload: Workload) {
    if let place = places[workload] { groups[place.group].take(place.member) }
  }

  /// Sets how far off the prediction of a layer is expected to be, as a share of it, and how much that matters, in
  /// place of what the design itself takes them to be.
  public mutating func expect(_ error: Double, weight: Double, of workload: Workload) {
    guard let place = places[workload] else { return }
    groups[place.group].expect(error, weight: weight, of: place.member)
  }

  /// Chooses the next layer and takes it; `nil` once none is left that says something about what matters.
  public mutating func next() -> Workload? {
    for index in groups.indices { groups[index].findBest() }
    let best = groups.indices.compactMap { index in
      groups[index].best.map { (index: index, gain: $0.gain, place: $0.place) }
    }.max { $0.gain < $1.gain }
    guard let best, best.gain > 0 else { return nil }
    groups[best.index].take(best.place)
    return groups[best.index].workloads[best.place]
  }

  /// Layers that say something about each other, and what is known of them.
  private struct Group {
    let workloads: [Workload]
    private var weights: [Double]
    /// Squares of the errors expected.
    private var variances: [Double]
    /// Covariances of what is not known yet, row by row.
    private var covariances: [Double]
    private var isTaken: [Bool]
    /// The layer that takes most from what is not known, and how much; `nil` where all are taken.
    private(set) var best: (place: Int, gain: Double)?
    /// Whether ``best`` is of before.
    private var isStale = true

    init(_ members: [(workload: Workload, point: LayerPoint, weight: Double)]) {
      let count = members.count
      workloads = members.map(\.workload)
      weights = members.map(\.weight)
      variances = [Double](repeating: 1, count: count)
      isTaken = [Bool](repeating: false, count: count)
      let coordinates = members.map(\.point.coordinates).standardized
      covariances = [Double](repeating: 0, count: count * count)
      for i in 0..<count {
        for j in 0..<count {
          let law = 1 + (coordinates[i] * coordinates[j]).sum()
          let deviation = exp(
            members[i].point.logarithmicCorrelation(with: members[j].point, reach: RowDesign.reach))
          covariances[i * count + j] = RowDesign.lawVariance * law + deviation
        }
      }
    }

    /// Leaves the covariance on condition that a layer is measured.
    mutating func take(_ place: Int) {
      if isTaken[place] { return }
      let count = workloads.count
      let row = Array(covariances[place * count..<(place + 1) * count])
      let own = row[place] + RowDesign.noise
      isTaken[place] = true
      for i in 0..<count {
        let before = covariances[i * count + i]
        for j in 0..<count { covariances[i * count + j] -= row[i] * row[j] / own }
        if before > 0 { variances[i] *= max(0, covariances[i * count + i]) / before }
      }
      isStale = true
    }

    mutating func expect(_ error: Double, weight: Double, of place: Int) {
      variances[place] = error * error
      weights[place] = weight
      isStale = true
    }

    mutating func findBest() {
      guard isStale else { return }
      isStale = false
      let count = workloads.count
      best = nil
      for place in 0..<count where !isTaken[place] {
        let own = covariances[place * count + place] + RowDesign.noise
        // The share of each layer's variance that this one would explain.
        let gain = (0..<count).reduce(0) { sum, other in
          let (shared, whole) = (
            covariances[place * count + other], covariances[other * count + other]
          )
          guard !isTaken[other], whole > 0 else { return sum }
          return sum + weights[other] * variances[other] * min(1, shared * shared / (own * whole))
        }
        if best.map({ gain > $0.gain }) ?? true { best = (place, gain) }
      }
    }
  }

  /// Layers of a group that are looked at, about: of many more, some say the same as all.
  private static let most = 1000
  /// Distances over which deviations from laws are remembered.
  private static let reach = LayerPoint.reaches[0]
  /// Variance of a law's coefficients before the first row, in units of the variance of deviations from it: it is
  /// larger, and what counts is that.
  private static let lawVariance = 4.0
  /// Variance of a measured deviation that no other row shares, in the same units: what ``Trust`` finds on tables of
  /// software devices.
  private static let noise = 0.1
}

extension [SIMD4<Double>] {
  /// Each coordinate less its mean, over its standard deviation; 0 where all are one.
  fileprivate var standardized: [SIMD4<Double>] {
    let mean = reduce(.zero, +) / Double(Swift.max(1, count))
    let squares = reduce(SIMD4<Double>.zero) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(Swift.max(1, count))).squareRoot()
    return map { (($0 - mean) / deviation).replacing(with: 0, where: deviation .== 0) }
  }
}
