internal import Store

/// A result that people or programs bring, without an evaluator that is asked: one object of JSON on a line.
struct ToldResult {
  /// Such as `results.jsonl:3`.
  let place: String
  let id: String
  let result: Result<EvaluatorResult, EvaluatorFault>

  /// Reads lines; empty ones are left out.
  ///
  /// - Parameter file: What the text is called in errors.
  /// - Throws: The first line that is no result, by its number.
  static func all(_ text: [UInt8], file: String) throws(SearchError) -> [ToldResult] {
    var all: [ToldResult] = []
    let lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
      let place = "\(file):\(index + 1)"
      do throws(EvaluatorFault) {
        all.append(try ToldResult(EvaluatorReply(told: Array(line)), place: place))
      } catch {
        throw SearchError(.usage, "\(place): this line \(error.sentence)")
      }
    }
    return all
  }

  private init(_ reply: EvaluatorReply, place: String) throws(EvaluatorFault) {
    self.place = place
    switch reply {
    case .result(let id, let result): (self.id, self.result) = (id, .success(result))
    case .failed(let id, let kind, let message, _):
      (self.id, self.result) = (id, .failure(EvaluatorFault("says \(kind): \(message)")))
    case .ready, .progress: throw EvaluatorFault("is no result")
    }
  }

  /// A trial after this.
  ///
  /// - Throws: That it lacks the metric, or that the trial has ended otherwise.
  func told(of before: SearchStore.Trial, metric: String) throws(SearchError) -> SearchStore.Trial {
    var trial = before
    trial.attempts += 1
    switch result {
    case .success(let result):
      guard result.quality[metric] != nil else {
        throw SearchError(.usage, "\(place): candidate \(id) has no finite \(metric)")
      }
      trial.take(result, metric: metric)
    case .failure(let fault):
      trial.status = .failed
      trial.message = fault.sentence
    }
    guard
      before.status == .pending
        || before.status == trial.status && before.quality == trial.quality
    else {
      throw SearchError(
        .usage, "\(place): candidate \(id) was told before, with another result")
    }
    return trial
  }
}
