internal import Execution
internal import FoundationEssentials
internal import Measurement
internal import Networks
internal import Prediction
internal import Report
internal import Tables
internal import Workloads

/// What `srprof run` found, as text or JSON.
struct RunReport: Encodable {
  /// One workload of the network as it ran.
  struct Layer: Encodable {
    let workload: String
    let schedule: String
    /// Undisturbed, by timestamps behind each; `nil` where the device has none.
    let nanoseconds: Double?
    let predictedNanoseconds: Double?
    let basis: RowPrediction.Basis?
    let nodes: [String]
    /// Whether a mask was given to it, as by training; the prediction is of one that was drawn then, unless the
    /// table has that mask's own row.
    let hasGivenMask: Bool
  }

  /// Layers with masks of their own, and the same layers with masks as the table draws them.
  struct GivenMasks: Encodable {
    let layers: Int
    let nanoseconds: Double
    let drawnNanoseconds: Double
  }

  let network: String
  let device: String
  let parameters: Int
  let macs: Int
  let input: String
  let output: String
  let tiles: Int
  let firstFrameNanoseconds: Double
  let undisturbedNanoseconds: Double
  let relativeHalfWidth: Double
  let medianNanoseconds: Double
  let framesPerSecond: Double
  let samples: Int
  /// Whether the device was at its undisturbed speed.
  let atSpeed: Bool
  /// Whether the undisturbed time was seen: at that speed, in visits that agree.
  let undisturbed: Bool
  /// Visits, and those of them that came near the undisturbed time.
  let visits, agreeingVisits: Int
  let memoryBytes: Int
  /// Layers whose kernels were checked; `nil` where that was not wanted.
  let checkedLayers: KernelChecks.Tally?
  /// Sum of the layers' times; `nil` without timestamps.
  let layersNanoseconds: Double?
  let predictedNanoseconds: Double?
  let predictedLowNanoseconds: Double?
  let predictedHighNanoseconds: Double?
  /// Predicted over measured, less one.
  let predictionError: Double?
  /// How fast the device's arithmetic and its memory are now, relative to when the table was made; the prediction
  /// goes by both.
  let relativeSpeed, relativeMemorySpeed: Double?
  /// `nil` without such layers, timestamps or a table.
  let givenMasks: GivenMasks?
  let layers: [Layer]

  init(
    _ picture: PictureNetwork, _ outcome: NetworkRounds.Outcome, _ frame: FrameTime,
    device: DeviceDescription, layers times: [Double]?, schedules: [String],
    checked: KernelChecks.Tally?, prediction: NetworkPrediction?, speed: RelativeSpeed?
  ) {
    let (graph, lowered) = (picture.graph, picture.lowered)
    let rows = Dictionary(
      (prediction?.parts ?? []).map { ($0.workload, $0.row) }, uniquingKeysWith: { $1 })
    network = graph.name
    self.device = device.nameAndKind
    parameters = graph.parameters
    macs = graph.macs
    input = "\(lowered.inputShape)"
    output = "\(lowered.outputShape)"
    tiles = picture.tiling?.corners.count ?? 1
    firstFrameNanoseconds = outcome.firstFrameNanoseconds
    undisturbedNanoseconds = frame.undisturbedNanoseconds
    relativeHalfWidth = frame.relativeHalfWidth
    medianNanoseconds = frame.medianNanoseconds
    framesPerSecond = 1e9 / frame.medianNanoseconds
    samples = frame.samples
    atSpeed = frame.atSpeed
    undisturbed = frame.isUndisturbed
    visits = frame.agreement.visits
    agreeingVisits = frame.agreement.agreeing
    memoryBytes = outcome.memoryBytes
    checkedLayers = checked
    layersNanoseconds = times.map { $0.reduce(0, +) }
    predictedNanoseconds = prediction?.nanoseconds
    predictedLowNanoseconds = prediction?.lowNanoseconds
    predictedHighNanoseconds = prediction?.highNanoseconds
    predictionError = prediction.map {
      $0.nanoseconds / frame.undisturbedNanoseconds - 1
    }
    let speed = prediction == nil ? nil : speed
    relativeSpeed = speed?.arithmetic
    relativeMemorySpeed = speed?.memory
    layers = lowered.steps.enumerated().map { index, step in
      Layer(
        workload: step.workload.name,
        schedule: index < schedules.count ? schedules[index] : "",
        nanoseconds: times?[index],
        predictedNanoseconds: rows[step.workload]?.nanoseconds,
        basis: rows[step.workload]?.basis, nodes: step.nodes,
        hasGivenMask: step.workload.hasGivenMask)
    }
    let masked = layers.filter { $0.hasGivenMask && $0.basis?.isMeasured != true }
    let pairs = masked.compactMap { layer in
      layer.nanoseconds.flatMap { time in layer.predictedNanoseconds.map { (time, $0) } }
    }
    givenMasks =
      pairs.isEmpty
      ? nil
      : GivenMasks(
        layers: pairs.count, nanoseconds: pairs.reduce(0) { $0 + $1.0 },
        drawnNanoseconds: pairs.reduce(0) { $0 + $1.1 })
  }

  /// The lines of a terminal.
  var text: TerminalText {
    func time(_ nanoseconds: Double) -> String { Format.duration(nanoseconds: nanoseconds) }
    var lines: [TerminalText] = [
      "\(network): \(input) -> \(output), \(layers.count) layers, "
        + "\(Format.significant(Double(parameters) / 1e3)) K parameters, "
        + "\(Format.significant(Double(macs) / 1e9)) GMAC",
      "on \(device), \(Format.bytes(UInt64(memoryBytes))) of device memory"
        + (tiles > 1 ? "; \(tiles) tiles, times are of one" : ""),
      "first frame  \(time(firstFrameNanoseconds))",
      "frame        \(time(undisturbedNanoseconds)) +- \(Format.halfWidth(relativeHalfWidth)), median "
        + "\(time(medianNanoseconds)), \(Format.significant(framesPerSecond)) frames a second"
        + (atSpeed ? "" : " (the device was slower than at its best)"),
      "             "
        + (undisturbed ? "undisturbed: " : atSpeed ? "perhaps disturbed: " : "at that speed: ")
        + "\(agreeingVisits) of \(visits) visits came within "
        + "\(Format.percent(VisitAgreement.tolerance)) of that, \(VisitAgreement.fewest) are enough",
    ]
    lines.append(
      "checked      "
        + (checkedLayers.map { "\($0.onTheWay) layers on the way, \($0.before) before" }
          ?? "nothing (--no-check)"))
    if let layersNanoseconds {
      let share = layersNanoseconds / undisturbedNanoseconds - 1
      lines.append(
        "layers       \(time(layersNanoseconds)) together, \(Format.signedPercent(share)) of the frame"
      )
    }
    if let predictedNanoseconds, let low = predictedLowNanoseconds,
      let high = predictedHighNanoseconds, let predictionError
    {
      let half = (high - low) / 2 / predictedNanoseconds
      let arithmetic = relativeSpeed ?? 1
      let speed = RelativeSpeed(arithmetic: arithmetic, memory: relativeMemorySpeed ?? arithmetic)
      lines.append(
        "predicted    \(time(predictedNanoseconds)) +- \(Format.halfWidth(half)), error "
          + "\(Format.signedPercent(predictionError))\(speed.sentence.map { "; \($0)" } ?? "")")
    }
    if let it = givenMasks {
      let error = it.drawnNanoseconds / it.nanoseconds - 1
      lines.append(
        "masks        \(time(it.nanoseconds)) for layers with masks of their own (\(it.layers)); with drawn ones "
          + "\(time(it.drawnNanoseconds)), error \(Format.signedPercent(error))")
    }
    return lines.joined(separator: "\n") + "\n\n" + layerTable
  }

  private var layerTable: TerminalText {
    let isPredicted = layers.contains { $0.predictedNanoseconds != nil }
    var columns: [(title: String, alignment: TextTable.Alignment)] = [
      ("layer", .left), ("time", .right),
    ]
    if isPredicted { columns += [("predicted", .right), ("error", .right), ("by", .left)] }
    columns.append(("schedule", .left))
    var table = TextTable(columns)
    for layer in layers {
      var cells = [
        layer.workload, layer.nanoseconds.map { Format.duration(nanoseconds: $0) } ?? "",
      ]
      if isPredicted {
        let error = layer.nanoseconds.flatMap { measured in
          layer.predictedNanoseconds.map { $0 / measured - 1 }
        }
        cells += [
          layer.predictedNanoseconds.map { Format.duration(nanoseconds: $0) } ?? "",
          error.map(Format.signedPercent) ?? "", layer.basis?.rawValue ?? "",
        ]
      }
      table.add(cells + [layer.schedule])
    }
    return table.text
  }
}
