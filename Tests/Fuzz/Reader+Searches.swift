internal import Foundation
internal import Networks
internal import Search
internal import Statistics

/// Space files and searches.
extension Reader {
  /// `search`, before it begins.
  func readSpace(_ yaml: String) -> Bool {
    guard let space = try? SearchSpace(yaml: yaml, file: "input.yaml") else { return false }
    claim(
      (try? SearchSpace(yaml: space.json, file: "again")) == space,
      "a space that was written is read as it was")
    guard case .wdsr(let wdsr) = space else { return true }
    var random = SplitMix64(state: 1)
    for _ in 0..<4 {
      let point = wdsr.mutated(wdsr.random(using: &random), using: &random)
      claim(space.contains(point), "a space has the points that it draws")
      let network = try? space.network(of: point, rate: wdsr.rates.last ?? 1)
      _ = try? network?.graph().macs
    }
    return true
  }

  /// `search status`, `best`, `front` and `history`.
  func readSearch(_ bytes: [UInt8]) -> Bool {
    let folder = Scratch.path(".search")
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/search.sqlite"
    guard (try? Data(bytes).write(to: URL(filePath: path))) != nil else { return false }
    try? FileManager.default.removeItem(atPath: path + "-journal")
    guard let history = try? SearchHistory(directory: folder) else { return false }
    _ = (history.best, history.front, history.bestSoFar, history.count(.failed))
    for trial in history.trials.prefix(20) {
      if let network = try? history.network(trial.candidate) { _ = network.json }
    }
    return true
  }
}
