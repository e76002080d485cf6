internal import Execution
internal import Images
internal import Measurement
internal import Networks
internal import ONNX
internal import Prediction
internal import Store
internal import Tables
internal import Workloads

extension CommandFailure {
  /// The exit code and line for an error of the store.
  init(_ error: StoreError) {
    self.init(error.isBadContent ? .badFile : .inputOutput, error.description)
  }

  /// The exit code and line for an error of a table file.
  init(_ error: TableError) {
    self.init(error.isInputOutput ? .inputOutput : .badFile, error.description)
  }

  /// The exit code and line for an image that cannot be read or written.
  init(_ error: ImageError) {
    self.init(error.isInputOutput ? .inputOutput : .badFile, error.description)
  }

  /// The exit code and line for a model that cannot be read.
  init(_ error: ONNXError) {
    let status: ExitStatus =
      switch error.kind {
      case .unreadable: .inputOutput
      case .refused: .badFile
      case .inputSize: .usage
      }
    self.init(status, error.description)
  }

  /// The end by a signal; `nil` if none came.
  static var interruption: CommandFailure? {
    Interruption.status.map { CommandFailure($0, "interrupted") }
  }

  /// The end of a campaign by a signal; `nil` if none came.
  static var campaignInterruption: CommandFailure? {
    Interruption.status.map { CommandFailure($0, "interrupted; the same command carries on") }
  }

  /// The exit code and line for a network that a device cannot run. What fails after a signal was
  /// interrupted.
  init(_ failure: Failure) {
    if let interruption = Self.interruption {
      self = interruption
      return
    }
    self.init(.noDevice, "\(failure.kind.rawValue): \(failure.reason)")
  }

  /// The exit code and line for what ended a session on a device. What fails after a signal was interrupted.
  init(_ stop: NetworkSession.Stop) {
    switch stop {
    case .store(let error): self.init(error)
    case .untimed(let failure):
      self =
        Self.interruption
        ?? CommandFailure(.noDevice, "the device cannot be timed: \(failure.reason)")
    case .device(let failure): self.init(failure)
    case .races(let stop): self.init(stop)
    case .otherDevice(let name, let fingerprint, let own):
      self.init(
        .badFile,
        "the table is of \(name) with fingerprint \(fingerprint), and this device has \(own): measure it "
          + "anew, or say --any-device")
    case .prediction(let error): self.init(.badFile, error.description)
    case .interrupted(let carriesOn):
      self.init(
        Interruption.status ?? .interrupted,
        carriesOn ? "interrupted; the same command carries on" : "interrupted")
    }
  }

  /// The exit code and line for a campaign's early end.
  init(_ stop: Campaign.Stop) {
    switch stop {
    case .store(let error): self.init(error)
    case .device(let failure):
      let advice =
        switch failure.kind {
        case .linkLost: "; the same command carries on once it is reached again"
        case .crashed, .deviceLost, .timedOut:
          "; restart the device if that happens again, and the same command carries on"
        default: ""
        }
      self.init(
        .noDevice, "the device cannot go on (\(failure.kind.rawValue)): \(failure.reason)\(advice)")
    }
  }
}

extension LatencyTable {
  /// The table of a file named on the command line.
  init(argument: String) throws(CommandFailure) {
    do throws(TableError) { self = try LatencyTable(contentsOf: argument) } catch {
      throw CommandFailure(error)
    }
  }
}

extension WorkloadFilter {
  /// Filters from the command line, each of which has to match something.
  ///
  /// - Parameters:
  ///   - workloads: What they choose from.
  ///   - whole: What that is, as in "row of t.json".
  ///   - advice: What comes behind the sentence that says that one matches nothing.
  static func parse(
    _ texts: [String], among workloads: [Workload], _ whole: String, advice: String = ""
  ) throws(CommandFailure) -> [WorkloadFilter] {
    try texts.map { text throws(CommandFailure) in
      guard let filter = WorkloadFilter(text) else {
        throw CommandFailure(.usage, "--only needs at least one word, such as 'conv3x3 32->*'")
      }
      guard workloads.contains(where: filter.matches) else {
        throw CommandFailure(.usage, "--only matches no \(whole): '\(text)'\(advice)")
      }
      return filter
    }
  }

  /// Filters of rows of tables.
  static func parse(
    _ texts: [String], rowsOf tables: [LatencyTable], _ files: [String]
  ) throws(CommandFailure) -> [WorkloadFilter] {
    try parse(
      texts, among: tables.flatMap(\.rows).map(\.workload),
      "row of \(files.joined(separator: " or "))")
  }
}

extension [WorkloadFilter] {
  /// Whether one of them matches, or there are none.
  func allow(_ workload: Workload) -> Bool {
    isEmpty || contains { $0.matches(workload) }
  }
}
