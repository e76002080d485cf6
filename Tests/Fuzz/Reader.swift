internal import Files
internal import Foundation
internal import Images
internal import Kernels
internal import Measurement
internal import Networks
internal import ONNX
internal import Prediction
internal import Profiles
internal import Report
internal import Store
internal import Tables
internal import Workloads

/// Reads inputs, and goes on with them as the commands do that read such files.
struct Reader {
  private let kind: Kind
  /// A table that is right, and what predicts by it.
  private let table: LatencyTable
  private let predictor: LatencyPredictor
  private let limits = DeviceLimits(maxTexelBufferElements: 1 << 27, maxUniformBufferRange: 1 << 16)

  init(_ kind: Kind) throws {
    self.kind = kind
    table = try LatencyTable(json: try Kind.table.corpus()[1])
    predictor = try LatencyPredictor(table: table)
  }

  /// Whether the input was understood.
  @discardableResult
  func read(_ bytes: [UInt8]) -> Bool {
    switch kind {
    case .table: readTable(bytes)
    case .profile: readProfile(String(decoding: bytes, as: UTF8.self), mask: Self.mask)
    case .limits: readLimits(String(decoding: bytes, as: UTF8.self))
    case .mask: readProfile(Self.maskProfile, mask: bytes)
    case .candidate: readCandidate(bytes)
    case .onnx: readModel(bytes)
    case .png: use((try? PNG.decode(bytes, file: "input.png"))?.tensor)
    case .npy: use(try? NPY.decode(bytes, file: "input.npy"))
    case .store: readStore(bytes)
    case .weights: readWeights(bytes)
    case .space: readSpace(String(decoding: bytes, as: UTF8.self))
    case .search: readSearch(bytes)
    }
  }
}

/// Ends the process if a value that was read is not what commands rely on.
func claim(_ holds: Bool, _ sentence: @autoclosure () -> String) {
  if holds { return }
  FileHandle.standardError.write(Data("not so: \(sentence())\n".utf8))
  abort()
}

// Tables.
extension Reader {
  /// `show`, `export`, `compare`, `merge`, `best`, `report`, `predict` and `validate --rows`.
  private func readTable(_ bytes: [UInt8]) -> Bool {
    guard let read = try? LatencyTable(json: bytes) else { return false }
    let text = try? read.json()
    claim(text != nil, "a table that was read can be written")
    claim((try? LatencyTable(json: text ?? [])) != nil, "a table that was written can be read")
    for format in ExportFormat.allCases { _ = format.text(of: read) }
    for pair in [[table, read], [read, table]] {
      let comparison = Comparison(pair[0], pair[1])
      claim(comparison.ratio?.isFinite ?? true, "a ratio is a number")
      _ = (comparison.families, comparison.counts)
      _ = FastestDevices(pair).choices
      _ = Page(pair, command: "report").html
    }
    if let merged = try? MergedTable(.init("table", table), [.init("read", read)]).table {
      let text = try? merged.json()
      claim((try? LatencyTable(json: text ?? [])) == merged, "a table that was merged is read back")
    }
    _ = (read.markdownSummary, read.monotonicity.warnings)
    guard let predictor = try? LatencyPredictor(table: read) else { return true }
    predict(table.rows.map { ($0.workload, 2) }, by: predictor)
    predict(read.rows.map { ($0.workload, 3) }, by: predictor)
    _ = try? HiddenRows(read, seed: 1).covered
    return true
  }

  private func predict(
    _ counts: [(workload: Workload, count: Int)], by predictor: LatencyPredictor
  ) {
    for (workload, _) in counts {
      guard let row = try? predictor.latency(of: workload) else { continue }
      let figures = [row.nanoseconds, row.lowNanoseconds, row.highNanoseconds]
      claim(figures.allSatisfy { $0.isNormal && $0 > 0 }, "\(workload) takes a time, not \(row)")
    }
    let known = counts.filter { (try? predictor.latency(of: $0.workload)) != nil }
    guard let sum = try? NetworkPrediction(known, predictor: predictor) else { return }
    claim(
      sum.nanoseconds.isFinite && sum.lowNanoseconds.isFinite && sum.highNanoseconds.isFinite,
      "a network takes a time")
  }
}

// Profiles, masks and limits.
extension Reader {
  private static let mask = Array(String(repeating: "1\n0\n", count: 32).utf8)
  private static let maskProfile = """
    name: masked
    workloads:
      - convolution: { kernel: 3, channels: [[4, 4]], maps: [[6, 8]], sparsity: { mask: mask.txt } }
    """

  /// `measure --dry-run`.
  private func readProfile(_ yaml: String, mask: [UInt8]) -> Bool {
    let profile = try? Profile(yaml: yaml, file: "input.yaml") { _ in mask }
    for workload in profile?.workloads.prefix(50) ?? [] { use(workload, limits) }
    return profile != nil
  }

  private func readLimits(_ yaml: String) -> Bool {
    guard let profile = try? DeviceProfile(yaml: yaml, file: "input.yaml") else { return false }
    let cap = LimitsCap(
      name: profile.name, limits: profile.limits, groupSize: profile.groupSize,
      features: profile.features)
    for row in table.rows { use(row.workload, cap.applied(to: limits)) }
    return true
  }

  private func use(_ workload: Workload, _ limits: DeviceLimits) {
    _ = (workload.name, workload.macs, workload.bytes(channelBlock: 4), workload.tolerance)
    // Kernels of millions of pruned weights take their time, and are made after a profile was read.
    if workload.parameters.reduce(0, { $0 + $1.count }) < 1 << 16 {
      let schedules = Schedule.candidates(for: workload, limits: limits, effort: .quick)
      for schedule in schedules.prefix(4) {
        _ = try? schedule.kernel(for: workload, limits: limits)
      }
    }
    predict([(workload, 1)], by: predictor)
  }
}

// Networks.
extension Reader {
  private func readCandidate(_ bytes: [UInt8]) -> Bool {
    guard let candidate = try? Candidate(json: bytes) else { return false }
    claim(
      (try? Candidate(json: Array(candidate.json.utf8))) == candidate,
      "a candidate that was written is read as it was")
    if let graph = try? candidate.graph() { use(graph) }
    return true
  }

  /// `run` and `networks` with `--weights`.
  private func readWeights(_ bytes: [UInt8]) -> Bool {
    guard let file = try? Safetensors(bytes) else { return false }
    for (name, entry) in file.entries {
      claim(file[name]?.count == entry.count, "a tensor has the numbers of its shape")
    }
    let text = "wdsr-a:blocks=1,channels=2,expansion=1,scale=2,input=6x4"
    for scheme in ["", ",scheme=block-punched,rate=2", ",scheme=pattern,rate=2"] {
      let graph = try? NetworkDescription(parsing: text + scheme).graph()
      if let trained = try? graph?.replacingWeights(by: file) { use(trained) }
    }
    return true
  }

  private func readModel(_ bytes: [UInt8]) -> Bool {
    let path = Scratch.path(".onnx")
    guard (try? Data(bytes).write(to: URL(filePath: path))) != nil else { return false }
    let shape = MapShape(channels: 3, height: 24, width: 32)
    guard let graph = (try? Graph(onnx: path)) ?? (try? Graph(onnx: path, input: shape)) else {
      return false
    }
    use(graph)
    _ = try? graph.onnx()
    return true
  }

  /// `networks` and `predict`.
  private func use(_ graph: Graph) {
    _ = (graph.parameters, graph.macs, graph.keptMacs)
    for isFusing in [true, false] {
      guard let network = try? LoweredNetwork(graph, fusingSplitBlocks: isFusing) else { continue }
      predict(network.counts, by: predictor)
    }
  }
}

// Pictures.
extension Reader {
  private func use(_ tensor: Tensor?) -> Bool {
    guard let tensor else { return false }
    claim(tensor.values.count == tensor.shape.count, "a tensor has the values of its shape")
    _ = (tensor.luma, tensor.rgbToYCbCr)
    _ = try? PNG.encode(tensor, file: "output.png")
    let again = try? NPY.decode(NPY.encode(tensor), file: "output.npy")
    claim(again?.shape == tensor.shape, "a tensor that was written is read as it was")
    return true
  }
}

// Stores.
extension Reader {
  /// `measure`, without a device: what is stored, and a campaign that carries on with it.
  private func readStore(_ bytes: [UInt8]) -> Bool {
    let path = Scratch.path(".sqlite")
    guard (try? Data(bytes).write(to: URL(filePath: path))) != nil else { return false }
    try? FileManager.default.removeItem(atPath: path + "-journal")
    guard let store = try? Store(path: path) else { return false }
    let backend = ScriptedDevice(limits)
    _ = try? store.device(fingerprint: backend.scope(at: .inNetwork).fingerprint)
    let plan = Plan(
      profile: "fuzz", workloads: StoreFiles.workloads,
      rule: StoppingRule(targetHalfWidth: 0.02, budgetSeconds: 0.05))
    let campaign = Campaign(plan: plan, backend: backend, store: store)
    guard let table = try? campaign.run() else { return false }
    claim((try? table.json()) != nil, "a table that was measured can be written")
    return true
  }
}
