internal import Files

/// Requests of an evaluator, and the results that are kept of them: work that ended is not done again.
final class KeptResults {
  private let pool: EvaluatorPool
  private let readyPath: String
  private let isInterrupted: () -> Bool
  private let onEvent: (EvaluatorPool.Event) -> Void
  /// The words of an evaluator of an earlier process.
  private var stored: EvaluatorReady?

  /// By what is judged; `nil` before an evaluator was ready.
  var ready: EvaluatorReady? { pool.ready ?? stored }

  init(
    _ pool: EvaluatorPool, readyPath: String, isInterrupted: @escaping () -> Bool,
    onEvent: @escaping (EvaluatorPool.Event) -> Void
  ) {
    self.pool = pool
    self.readyPath = readyPath
    self.isInterrupted = isInterrupted
    self.onEvent = onEvent
  }

  /// Results in the order of the requests; those that are kept are not asked for again. `nil` after an
  /// interruption.
  func results(_ requests: [EvaluatorRequest]) throws -> [EvaluatorResult]? {
    var results: [String: EvaluatorResult] = [:]
    for request in requests { results[request.id] = kept(request) }
    let open = requests.filter { results[$0.id] == nil }
    if !open.isEmpty {
      let isDone = try pool.perform(open, isInterrupted: isInterrupted) { event in
        switch event {
        case .ready(let ready): try keep(ready)
        case .done(let id, _, let result):
          guard let request = open.first(where: { $0.id == id }) else { break }
          results[id] = result
          try keep(result, of: request)
        case .failed(let id, _, let reason):
          throw SearchError(.evaluator, "\(id): the evaluator \(reason)")
        default: break
        }
        onEvent(event)
      }
      if !isDone { return nil }
    }
    return requests.compactMap { results[$0.id] }
  }

  private func kept(_ request: EvaluatorRequest) -> EvaluatorResult? {
    readReady()
    guard let bytes = try? FileContents.read("\(request.checkpoint)/result.json"),
      let end = bytes.firstIndex(of: 0x0a),
      String(decoding: bytes[..<end], as: UTF8.self) == request.identity,
      case .result(_, let result)? = try? EvaluatorReply(told: Array(bytes[(end + 1)...])),
      result.weights.map({ FileContents.exists($0) }) ?? false
    else { return nil }
    return result
  }

  private func keep(_ result: EvaluatorResult, of request: EvaluatorRequest) throws {
    let weights = result.weights.map(JSON.text) ?? .null
    let quality = result.quality.sorted { $0.key < $1.key }.map {
      ($0.key, JSON.number($0.value))
    }
    let line = JSON.object([
      ("type", "result"), ("id", .text(request.id)), ("quality", .object(quality)),
      ("weights", weights),
    ])
    try replace("\(request.checkpoint)/result.json", "\(request.identity)\n\(line.text)")
  }

  private func keep(_ ready: EvaluatorReady) throws {
    stored = ready
    let line = JSON.object([
      ("type", "ready"), ("protocol", .whole(1)), ("metric", .text(ready.metric)),
      ("direction", .text(ready.maximizes ? "maximize" : "minimize")),
    ])
    try replace(readyPath, line.text)
  }

  private func readReady() {
    guard stored == nil, let bytes = try? FileContents.read(readyPath),
      case .ready(let ready)? = try? EvaluatorReply(line: bytes)
    else { return }
    stored = ready
  }

  private func replace(_ path: String, _ text: String) throws {
    do throws(FileContents.Failure) {
      try FileContents.replace(path, with: Array("\(text)\n".utf8))
    } catch {
      throw SearchError(.inputOutput, "\(path): \(error.reason)")
    }
  }
}
