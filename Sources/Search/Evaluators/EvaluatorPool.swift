internal import Files
internal import Glibc

/// Some evaluator processes that live as long as the pool and answer requests, one at a time each. Used on
/// one thread.
public final class EvaluatorPool {
  /// What happens to requests.
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

  /// What an evaluator said of itself; `nil` before the first was ready.
  public private(set) var ready: EvaluatorReady?
  private let options: EvaluatorOptions
  /// What ``Event/failed(id:attempts:reason:)`` says so many times in a row ends it all.
  private let mostFailures: Int
  private let hello: (_ folder: String) -> String
  private var workers: [Worker] = []
  private var startFailures = 0
  private var failures = 0

  /// One place for a process.
  private struct Worker {
    enum State {
      case vacant
      /// Since when.
      case starting(Double)
      case idle
      case busy(Job, since: Double, heard: Double)

      var isStarting: Bool { if case .starting = self { true } else { false } }
    }

    let logs: EvaluatorLogs
    var process: EvaluatorProcess?
    var state = State.vacant
  }

  private struct Job {
    let request: EvaluatorRequest
    var attempt: Int
  }

  /// - Parameters:
  ///   - directory: Absolute path of the folder in which each evaluator has a folder and a log.
  ///   - space: What evaluators are told that is searched.
  ///   - mostFailures: Requests that may fail in a row, this many of which end ``perform``.
  /// - Throws: That folders cannot be made.
  public init(
    _ options: EvaluatorOptions, directory: String, space: SearchSpace, seed: UInt64,
    mostFailures: Int
  ) throws(SearchError) {
    self.options = options
    self.mostFailures = max(mostFailures, 1)
    hello = { folder in
      JSON.object([
        ("type", "hello"), ("protocol", .whole(1)), ("scale", .whole(space.scale)),
        ("seed", .whole(Int(seed & 0x1f_ffff_ffff_ffff))), ("threads", .whole(options.threads)),
        ("directory", .text(folder)), ("space", .written(space.json)),
      ]).text
    }
    for index in 0..<options.workers {
      workers.append(Worker(logs: try EvaluatorLogs(folder: "\(directory)/worker-\(index)")))
    }
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
    var queue = requests.map { Job(request: $0, attempt: $0.attempts + 1) }[...]
    var left = requests.count
    while left > 0 {
      if isInterrupted() {
        close()
        return false
      }
      for index in workers.indices {
        switch workers[index].state {
        case .vacant where !queue.isEmpty: try start(index)
        case .idle:
          if let job = queue.popFirst(), try !begin(job, index, onEvent) {
            queue.insert(job, at: queue.startIndex)
          }
        default: break
        }
      }
      wait()
      for index in workers.indices {
        var answer: (job: Job, Answer)?
        do throws(EvaluatorFault) {
          answer = try receive(index)
        } catch {
          answer = try fault(error, index).map { ($0, .fault(error.sentence, retry: true)) }
        }
        for event in events { try onEvent(event) }
        events = []
        guard let (job, answer) = answer else { continue }
        switch answer {
        case .result(let result):
          failures = 0
          left -= 1
          try onEvent(.done(id: job.request.id, attempts: job.attempt, result))
        case .fault(let reason, retry: true) where job.attempt < EvaluatorOptions.attempts:
          try onEvent(
            .attemptFailed(id: job.request.id, attempt: job.attempt, reason: reason))
          queue.insert(
            Job(request: job.request, attempt: job.attempt + 1), at: queue.startIndex)
        case .fault(let reason, _):
          failures += 1
          left -= 1
          try onEvent(.failed(id: job.request.id, attempts: job.attempt, reason: reason))
          if failures >= mostFailures {
            let words = workers[index].process?.lastWords ?? lastWords
            close()
            throw SearchError(
              .evaluator,
              "\(failures) requests in a row failed, the last because the evaluator \(reason)"
                + (words.isEmpty ? "" : "; its last words: \(words)"))
          }
        }
      }
    }
    return true
  }

  private enum Answer {
    case result(EvaluatorResult)
    case fault(String, retry: Bool)
  }

  /// What has happened and was not yet told.
  private var events: [Event] = []
  /// The last words of the process that ended last.
  private var lastWords = ""

  private func start(_ index: Int) throws(SearchError) {
    do throws(EvaluatorFault) {
      let process = try EvaluatorProcess(command: options.command, logs: workers[index].logs)
      workers[index].process = process
      workers[index].state = .starting(monotonicSeconds())
      _ = process.send(hello(workers[index].logs.folder))
    } catch {
      throw SearchError(.evaluator, "the evaluator '\(options.command)' \(error.sentence)")
    }
  }

  /// Sends a request; false if the process is gone.
  private func begin(
    _ job: Job, _ index: Int, _ onEvent: (Event) throws -> Void
  ) throws -> Bool {
    guard let process = workers[index].process, !process.hasEnded() else {
      let ending = workers[index].process?.ending ?? "has ended"
      _ = try fault(EvaluatorFault("\(ending) while it had nothing to do"), index)
      return false
    }
    do throws(FileContents.Failure) {
      try FileContents.prepareToWrite("\(job.request.checkpoint)/log")
    } catch {
      throw SearchError(.inputOutput, "\(job.request.checkpoint): \(error.reason)")
    }
    workers[index].logs.requestLog = "\(job.request.checkpoint)/log"
    let now = monotonicSeconds()
    workers[index].state = .busy(job, since: now, heard: now)
    // What cannot be sent is found to be unanswered.
    _ = process.send(
      job.request.message(
        attempt: job.attempt, deadlineSeconds: options.deadlineSeconds,
        suggestedFidelity: ready?.fidelities.first))
    try onEvent(.started(id: job.request.id, attempt: job.attempt, worker: index))
    return true
  }

  /// Waits for a tenth of a second at most until an evaluator says something.
  private func wait() {
    var descriptors: [pollfd] = []
    for worker in workers {
      guard let process = worker.process else { continue }
      for descriptor in [process.descriptor, process.errors] where descriptor >= 0 {
        descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
      }
    }
    _ = poll(&descriptors, nfds_t(descriptors.count), 100)
  }

  /// What a worker's process answers to its request, if that has come.
  private func receive(_ index: Int) throws(EvaluatorFault) -> (job: Job, Answer)? {
    guard let process = workers[index].process else { return nil }
    process.listen()
    var answer: (job: Job, Answer)?
    for line in try process.lines() {
      let reply = try EvaluatorReply(line: line)
      switch (workers[index].state, reply) {
      case (.starting, .ready(let it)):
        if let ready, ready.metric != it.metric || ready.maximizes != it.maximizes {
          throw EvaluatorFault("judges by \(it.metric), where another judges by \(ready.metric)")
        }
        workers[index].state = .idle
        if ready == nil {
          ready = it
          events.append(.ready(it))
        }
      case (.busy(let job, let since, _), .progress(let id, let step, let value)):
        try check(id, job)
        workers[index].state = .busy(job, since: since, heard: monotonicSeconds())
        events.append(.progress(id: id, step: step, value: value))
      case (.busy(let job, _, _), .result(let id, let result)):
        try check(id, job)
        if job.request.needsQuality, let metric = ready?.metric, result.quality[metric] == nil {
          throw EvaluatorFault("gave no finite \(metric)")
        }
        finish(index)
        answer = (job, .result(result))
      case (.busy(let job, _, _), .failed(let id, let kind, let message, let retry)):
        try check(id, job)
        finish(index)
        answer = (job, .fault("says \(kind): \(message)", retry: retry))
      // What was on its way when a request ended.
      case (.idle, .progress): break
      case (.starting, _): throw EvaluatorFault("did not begin with ready")
      case (_, .ready): throw EvaluatorFault("said ready twice")
      default: throw EvaluatorFault("answered what was not asked")
      }
    }
    let now = monotonicSeconds()
    switch workers[index].state {
    case .starting(let since) where now - since > options.readySeconds:
      throw EvaluatorFault("was not ready within \(seconds(options.readySeconds))")
    case .busy(_, let since, _) where now - since > options.deadlineSeconds:
      throw EvaluatorFault("did not end within \(seconds(options.deadlineSeconds))")
    case .busy(_, _, let heard) where now - heard > options.silenceSeconds:
      throw EvaluatorFault("said nothing for \(seconds(options.silenceSeconds))")
    default: return answer
    }
  }

  private func check(_ id: String, _ job: Job) throws(EvaluatorFault) {
    guard id == job.request.id else {
      throw EvaluatorFault("answered '\(id.prefix(40))' where '\(job.request.id)' was asked")
    }
    startFailures = 0
  }

  private func seconds(_ seconds: Double) -> String { "\(JSON.number(seconds).text) s" }

  private func finish(_ index: Int) {
    workers[index].logs.requestLog = nil
    workers[index].state = .idle
  }

  /// Ends a process that did something wrong; gives the request that it had.
  ///
  /// - Throws: ``SearchError`` if processes end before they have anything to do, time after time.
  private func fault(_ fault: EvaluatorFault, _ index: Int) throws(SearchError) -> Job? {
    let state = workers[index].state
    workers[index].process?.kill()
    lastWords = workers[index].process?.lastWords ?? ""
    workers[index].process = nil
    workers[index].logs.requestLog = nil
    workers[index].state = .vacant
    switch state {
    case .busy(let job, _, _): return job
    case .starting, .idle:
      startFailures += 1
      guard startFailures < EvaluatorOptions.attempts else {
        let words = lastWords
        close()
        throw SearchError(
          .evaluator,
          "the evaluator '\(options.command)' \(fault.sentence)"
            + (state.isStarting && fault.sentence.hasPrefix("ended") ? " before it was ready" : "")
            + (words.isEmpty ? "" : "; its last words: \(words)"))
      }
      return nil
    case .vacant: return nil
    }
  }

  /// Ends all processes: asks them, then terminates, then kills their groups.
  public func close() {
    let processes = workers.compactMap(\.process)
    for index in workers.indices {
      if case .busy(let job, _, _) = workers[index].state {
        _ = workers[index].process?.send(
          JSON.object([("type", "cancel"), ("id", .text(job.request.id))]).text)
      }
      workers[index].process = nil
      workers[index].state = .vacant
    }
    for process in processes { process.dismiss() }
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
