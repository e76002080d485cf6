/// How evaluators are started and how long they may take.
public struct EvaluatorOptions: Hashable, Sendable {
  /// Command line, executed by `sh -c`.
  public var command: String
  /// Processes at a time.
  public var workers: Int
  /// Threads that each process may use.
  public var threads: Int
  /// Seconds that a process may take to say that it is ready.
  public var readySeconds: Double
  /// Seconds of silence after which a process that works counts as lost.
  public var silenceSeconds: Double
  /// Seconds that one request may take.
  public var deadlineSeconds: Double

  public init(
    command: String, workers: Int = 1, threads: Int = 1, readySeconds: Double = 120,
    silenceSeconds: Double = 60, deadlineSeconds: Double = 3600
  ) {
    self.command = command
    self.workers = max(workers, 1)
    self.threads = max(threads, 1)
    self.readySeconds = readySeconds
    self.silenceSeconds = silenceSeconds
    self.deadlineSeconds = deadlineSeconds
  }

  /// Attempts at one request.
  static let attempts = 2
}
