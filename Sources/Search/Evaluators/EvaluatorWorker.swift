internal import Files
internal import Glibc

/// A place for one evaluator process at a time, and the request that it works on.
final class EvaluatorWorker {
  /// A request and which attempt at it this is, from 1.
  struct Job {
    let request: EvaluatorRequest
    var attempt: Int
  }

  enum Answer {
    case result(EvaluatorResult)
    /// It failed; whether another attempt may help.
    case failed(String, retry: Bool)
  }

  /// Words of a process.
  enum Word {
    case ready(EvaluatorReady)
    case progress(id: String, step: Double, value: Double?)
    case answer(Job, Answer)
  }

  private enum State {
    case vacant
    /// Since when.
    case starting(Double)
    case idle
    case busy(Job, since: Double, heard: Double)
  }

  private let options: EvaluatorOptions
  private let logs: EvaluatorLogs
  private var state = State.vacant
  private(set) var process: EvaluatorProcess?
  /// The fault of the process after words that were yet to be told.
  private var fault: EvaluatorFault?
  /// The last words of the process, or of the one before.
  private(set) var lastWords = ""

  /// - Throws: That its folder cannot be made.
  init(_ options: EvaluatorOptions, folder: String) throws(SearchError) {
    self.options = options
    logs = try EvaluatorLogs(folder: folder)
  }

  var folder: String { logs.folder }
  var isVacant: Bool { if case .vacant = state { true } else { false } }
  var isIdle: Bool { if case .idle = state { fault == nil } else { false } }
  var isStarting: Bool { if case .starting = state { true } else { false } }
  /// The request that it works on.
  var job: Job? { if case .busy(let job, _, _) = state { job } else { nil } }

  /// Starts a process and greets it.
  func start(greeting: String) throws(EvaluatorFault) {
    let process = try EvaluatorProcess(command: options.command, logs: logs)
    self.process = process
    state = .starting(monotonicSeconds())
    _ = process.send(greeting)
  }

  /// Sends a request to an idle process.
  ///
  /// - Throws: That the process has ended, or that the request's folder cannot be made.
  func begin(_ job: Job, suggestedFidelity: Int?) throws {
    guard let process, !process.hasEnded() else {
      throw EvaluatorFault("\(process?.ending ?? "has ended") while it had nothing to do")
    }
    let folder = job.request.checkpoint
    do throws(FileContents.Failure) {
      try FileContents.prepareToWrite("\(folder)/log")
    } catch {
      throw SearchError(.inputOutput, "\(folder): \(error.reason)")
    }
    logs.requestLog = "\(folder)/log"
    let now = monotonicSeconds()
    state = .busy(job, since: now, heard: now)
    // A message that cannot be sent is found to be unanswered.
    _ = process.send(
      job.request.message(
        attempt: job.attempt, deadlineSeconds: options.deadlineSeconds,
        suggestedFidelity: suggestedFidelity))
  }

  /// Words of its process since the last call.
  ///
  /// - Parameter ready: What evaluators said of themselves before: all judge alike.
  /// - Throws: What the process did wrong.
  func words(ready: EvaluatorReady?) throws(EvaluatorFault) -> [Word] {
    guard let process else { return [] }
    if let fault { throw fault }
    process.listen()
    var words: [Word] = []
    for line in try process.lines() {
      do throws(EvaluatorFault) {
        if let word = try word(EvaluatorReply(line: line), ready) { words.append(word) }
      } catch {
        // An answer before it counts.
        guard !words.isEmpty else { throw error }
        fault = error
        return words
      }
    }
    if words.isEmpty { try checkTime() }
    return words
  }

  private func word(
    _ reply: EvaluatorReply, _ ready: EvaluatorReady?
  ) throws(EvaluatorFault) -> Word? {
    switch (state, reply) {
    case (.starting, .ready(let it)):
      if let ready, ready.metric != it.metric || ready.maximizes != it.maximizes {
        throw EvaluatorFault("judges by \(it.metric), where another judges by \(ready.metric)")
      }
      state = .idle
      return .ready(it)
    case (.busy(let job, let since, _), .progress(let id, let step, let value)):
      try check(id, job)
      state = .busy(job, since: since, heard: monotonicSeconds())
      return .progress(id: id, step: step, value: value)
    case (.busy(let job, _, _), .result(let id, let result)):
      try check(id, job)
      if job.request.needsQuality, let metric = ready?.metric, result.quality[metric] == nil {
        throw EvaluatorFault("gave no finite \(metric)")
      }
      return end(job, .result(result))
    case (.busy(let job, _, _), .failed(let id, let kind, let message, let retry)):
      try check(id, job)
      return end(job, .failed("says \(kind): \(message)", retry: retry))
    // Progress that was on its way when a request ended.
    case (.idle, .progress): return nil
    case (.starting, .failed(_, _, let message, _)): throw EvaluatorFault("says: \(message)")
    case (.starting, _): throw EvaluatorFault("did not begin with ready")
    case (_, .ready): throw EvaluatorFault("said ready twice")
    default: throw EvaluatorFault("answered what was not asked")
    }
  }

  private func check(_ id: String, _ job: Job) throws(EvaluatorFault) {
    guard id == job.request.id else {
      throw EvaluatorFault("answered '\(id.prefix(40))' where '\(job.request.id)' was asked")
    }
  }

  private func end(_ job: Job, _ answer: Answer) -> Word {
    logs.requestLog = nil
    state = .idle
    return .answer(job, answer)
  }

  private func checkTime() throws(EvaluatorFault) {
    func seconds(_ seconds: Double) -> String { "\(JSON.number(seconds).text) s" }
    let now = monotonicSeconds()
    switch state {
    case .starting(let since) where now - since > options.readySeconds:
      throw EvaluatorFault("was not ready within \(seconds(options.readySeconds))")
    case .busy(_, let since, _) where now - since > options.deadlineSeconds:
      throw EvaluatorFault("did not end within \(seconds(options.deadlineSeconds))")
    case .busy(_, _, let heard) where now - heard > options.silenceSeconds:
      throw EvaluatorFault("said nothing for \(seconds(options.silenceSeconds))")
    default: break
    }
  }

  /// Ends the process and its group; the place is vacant.
  func end() {
    process?.kill()
    vacate()
  }

  /// Asks the process to give up what it does and to end, and leaves it to the caller to see that it does.
  func dismiss() -> EvaluatorProcess? {
    let process = process
    if let job {
      _ = process?.send(
        JSON.object([("type", "cancel"), ("id", .text(job.request.id))]).text)
    }
    process?.dismiss()
    vacate()
    return process
  }

  private func vacate() {
    lastWords = process?.lastWords ?? lastWords
    process = nil
    fault = nil
    logs.requestLog = nil
    state = .vacant
  }
}
