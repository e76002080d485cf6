internal import Glibc

/// Some evaluator processes that live as long as the pool and answer requests, one at a time each. Used on
/// one thread.
public final class EvaluatorPool {
  /// A step of a request.
  public enum Event: Sendable {
    /// An evaluator is ready, for the first time.
    case ready(EvaluatorReady)
    case started(id: String, attempt: Int, worker: Int)
    case progress(id: String, step: Double, value: Double?)
    /// An attempt failed; another one follows.
    case attemptFailed(id: String, attempt: Int, reason: String)
    case done(id: String, attempts: Int, EvaluatorResult)
    case failed(id: String, attempts: Int, reason: String)
  }

  /// The first evaluator's words of itself; `nil` before it was ready.
  public private(set) var ready: EvaluatorReady?
  private let options: EvaluatorOptions
  private let mostFailures: Int
  private let greeting: (_ folder: String) -> String
  private let workers: [EvaluatorWorker]
  /// Processes that ended without having had anything to do, since one had.
  private var idleEndings = 0
  /// Requests that failed since one was answered.
  private var failures = 0

  /// - Parameters:
  ///   - directory: Absolute path of the folder in which each evaluator has a folder and a log.
  ///   - space: What evaluators are told that is searched.
  ///   - mostFailures: Requests that may fail in a row, this many of which end ``perform(_:isInterrupted:onEvent:)``.
  /// - Throws: That folders cannot be made.
  public init(
    _ options: EvaluatorOptions, directory: String, space: SearchSpace, seed: UInt64,
    mostFailures: Int
  ) throws(SearchError) {
    self.options = options
    self.mostFailures = max(mostFailures, 1)
    greeting = { folder in
      JSON.object([
        ("type", "hello"), ("protocol", .whole(1)), ("scale", .whole(space.scale)),
        // As many bits as every language holds exactly.
        ("seed", .whole(Int(seed & 0x1f_ffff_ffff_ffff))), ("threads", .whole(options.threads)),
        ("directory", .text(folder)), ("space", .written(space.json)),
      ]).text
    }
    var workers: [EvaluatorWorker] = []
    for index in 0..<options.workers {
      workers.append(try EvaluatorWorker(options, folder: "\(directory)/worker-\(index)"))
    }
    self.workers = workers
  }

  /// Works off requests, in their order as evaluators are free.
  ///
  /// - Parameters:
  ///   - isInterrupted: Asked ten times a second; requests in hand are given up when it is true.
  ///   - onEvent: What it throws ends everything.
  /// - Returns: Whether all requests were answered; false after an interruption.
  /// - Throws: ``SearchError`` for an evaluator that cannot be used, with its last words.
  public func perform(
    _ requests: [EvaluatorRequest], isInterrupted: () -> Bool, onEvent: (Event) throws -> Void
  ) throws -> Bool {
    var queue = requests.map {
      EvaluatorWorker.Job(request: $0, attempt: $0.attempts + 1)
    }[...]
    var left = requests.count
    while left > 0 {
      if isInterrupted() {
        close()
        return false
      }
      for (index, worker) in workers.enumerated() {
        if worker.isVacant, !queue.isEmpty { try start(worker) }
        if worker.isIdle, let job = queue.popFirst() {
          do {
            try worker.begin(job, suggestedFidelity: ready?.fidelities.first)
            try onEvent(.started(id: job.request.id, attempt: job.attempt, worker: index))
          } catch let fault as EvaluatorFault {
            queue.insert(job, at: queue.startIndex)
            try end(worker, fault)
          }
        }
      }
      wait()
      for worker in workers {
        for (job, answer) in try answers(of: worker, onEvent) {
          let id = job.request.id
          switch answer {
          case .result(let result):
            failures = 0
            left -= 1
            try onEvent(.done(id: id, attempts: job.attempt, result))
          case .failed(let reason, retry: true) where job.attempt < EvaluatorOptions.attempts:
            try onEvent(.attemptFailed(id: id, attempt: job.attempt, reason: reason))
            queue.insert(
              .init(request: job.request, attempt: job.attempt + 1), at: queue.startIndex)
          case .failed(let reason, _):
            failures += 1
            left -= 1
            try onEvent(.failed(id: id, attempts: job.attempt, reason: reason))
            if failures >= mostFailures {
              throw unusable(
                "\(failures) requests in a row failed, the last because the evaluator \(reason)",
                worker)
            }
          }
        }
      }
    }
    return true
  }

  /// A worker's answer to a request, or the fault of its process.
  private func answers(
    of worker: EvaluatorWorker, _ onEvent: (Event) throws -> Void
  ) throws -> [(EvaluatorWorker.Job, EvaluatorWorker.Answer)] {
    let words: [EvaluatorWorker.Word]
    do throws(EvaluatorFault) {
      words = try worker.words(ready: ready)
    } catch {
      guard let job = worker.job else {
        try end(worker, error)
        return []
      }
      worker.end()
      return [(job, .failed(error.sentence, retry: true))]
    }
    var answers: [(EvaluatorWorker.Job, EvaluatorWorker.Answer)] = []
    for word in words {
      switch word {
      case .ready(let it):
        guard ready == nil else { continue }
        ready = it
        try onEvent(.ready(it))
      case .progress(let id, let step, let value):
        idleEndings = 0
        try onEvent(.progress(id: id, step: step, value: value))
      case .answer(let job, let answer):
        idleEndings = 0
        answers.append((job, answer))
      }
    }
    return answers
  }

  private func start(_ worker: EvaluatorWorker) throws(SearchError) {
    do throws(EvaluatorFault) {
      try worker.start(greeting: greeting(worker.folder))
    } catch {
      throw SearchError(.evaluator, "the evaluator '\(options.command)' \(error.sentence)")
    }
  }

  /// Ends a process that had nothing to do.
  ///
  /// - Throws: That this happens time after time.
  private func end(_ worker: EvaluatorWorker, _ fault: EvaluatorFault) throws(SearchError) {
    let when = worker.isStarting && fault.sentence.hasPrefix("ended") ? " before it was ready" : ""
    worker.end()
    idleEndings += 1
    guard idleEndings >= EvaluatorOptions.attempts else { return }
    throw unusable("the evaluator '\(options.command)' \(fault.sentence)\(when)", worker)
  }

  private func unusable(_ sentence: String, _ worker: EvaluatorWorker) -> SearchError {
    close()
    let words = worker.lastWords
    return SearchError(
      .evaluator, sentence + (words.isEmpty ? "" : "; its last words: \(words)"))
  }

  /// Waits for a tenth of a second at most until an evaluator says something.
  private func wait() {
    var descriptors: [pollfd] = []
    for process in workers.compactMap(\.process) {
      for descriptor in [process.descriptor, process.errors] where descriptor >= 0 {
        descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
      }
    }
    _ = poll(&descriptors, nfds_t(descriptors.count), 100)
  }

  /// Ends all processes: asks them, then terminates, then kills their groups.
  public func close() {
    let processes = workers.compactMap { $0.dismiss() }
    func wait(seconds: Double) {
      let start = monotonicSeconds()
      while monotonicSeconds() - start < seconds {
        for process in processes { process.listen() }
        if processes.allSatisfy({ $0.hasEnded() }) { return }
        usleep(20_000)
      }
    }
    wait(seconds: 2)
    for process in processes where !process.hasEnded() { process.terminate() }
    wait(seconds: 2)
    for process in processes { process.kill() }
  }

  deinit { close() }
}
