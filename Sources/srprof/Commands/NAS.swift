internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Search
internal import Tables

/// `srprof nas`: what a search has to know about latency before it trains anything.
struct NAS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nas",
    abstract: "Answer a search's questions: how many cells fit a latency, how much must be pruned.",
    subcommands: [Depth.self, Ratio.self, Compare.self, Speed.self])

  /// `srprof nas depth`: the largest number of cells.
  struct Depth: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "The most cells that a latency allows, with the fixed part and the part of each cell.",
      discussion: """
        If not even one cell meets the latency, the exit code is 1 and the latency that can be reached is printed.

        Example: srprof nas depth --table gpu.json --cell wdsr-b:channels=24 --scale 2 --target-ms 50
        """)

    @OptionGroup var tableOptions: TableOptions

    @Option(help: "Family and keys of the network that cells are stacked in (see srprof networks).")
    var cell: String

    @Option(help: "How many times larger the image gets.")
    var scale: Int

    @Option(help: "Size of the image that goes out.")
    var output = "1280x720"

    @Option(help: "How layers of cells are pruned (see srprof networks wdsr-b).")
    var scheme: String?

    @Option(help: "All weights over kept ones; for pattern, all kernels over kept ones.")
    var rate: Double?

    @OptionGroup var target: TargetOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
      let (table, predictor) = try tableOptions.read()
      let one = try prediction(cells: 1, table, predictor)
      let two = try prediction(cells: 2, table, predictor)
      func bound(_ prediction: NetworkPrediction) -> Double { target.limit.compared(prediction) }
      guard let budget = DepthBudget(oneCell: bound(one), twoCells: bound(two)) else {
        throw CommandFailure(
          .badFile, "\(tableOptions.table): a second cell of '\(cell)' does not cost anything")
      }
      let most = try mostCells()
      // Cells of some families differ, so that the line through two of them is a guess.
      var cells = min(budget.cells(within: target.nanoseconds), most)
      func bound(cells: Int) throws(CommandFailure) -> Double {
        try bound(prediction(cells: cells, table, predictor))
      }
      while cells > 0, try bound(cells: cells) > target.nanoseconds { cells -= 1 }
      while cells < most, try bound(cells: cells + 1) <= target.nanoseconds { cells += 1 }
      let total = cells > 0 ? try prediction(cells: cells, table, predictor) : nil
      let answer = Answer(
        cells: cells, fixedNanoseconds: budget.fixedNanoseconds,
        nanosecondsPerCell: budget.nanosecondsPerCell, nanoseconds: total?.nanoseconds,
        lowNanoseconds: total?.lowNanoseconds, highNanoseconds: total?.highNanoseconds,
        reachableNanoseconds: one.nanoseconds)
      let reached: TerminalText =
        total.map {
          "\(Format.latency($0)) with \(cells) cells"
            + (cells == most ? ", the most that there can be" : "")
        } ?? "one cell already takes \(Format.latency(one))"
      let text: TerminalText = """
        cells     \(cells) within \(Format.duration(nanoseconds: target.nanoseconds))
        fixed     \(Format.duration(nanoseconds: budget.fixedNanoseconds))
        per cell  \(Format.duration(nanoseconds: budget.nanosecondsPerCell))
        total     \(reached)

        """
      try Terminal.output(json ? try answer.prettyJSON() : text)
      if cells == 0 { throw ExitCode(1) }
    }

    /// The most cells that the family can have.
    private func mostCells() throws(CommandFailure) -> Int {
      do throws(InvalidNetwork) {
        return try NetworkDescription(parsing: cell).family.mostBlocks
      } catch {
        throw CommandFailure(.usage, "--cell \(cell): \(error)")
      }
    }

    private func prediction(
      cells: Int, _ table: LatencyTable, _ predictor: LatencyPredictor
    ) throws(CommandFailure) -> NetworkPrediction {
      var pairs = [("scale", "\(scale)"), ("output", output), ("blocks", "\(cells)")]
      if let scheme { pairs.append(("scheme", scheme)) }
      if let rate { pairs.append(("rate", "\(rate)")) }
      let graph: Graph
      do throws(InvalidNetwork) {
        var network = try NetworkDescription(parsing: cell)
        let keys = pairs.map(\.0) + ["input"]
        if let key = keys.first(where: { network.given.contains($0) }) {
          throw InvalidNetwork(
            key == "blocks"
              ? "blocks is what is looked for"
              : "\(key) is not part of a cell: --scale, --output, --scheme and --rate say it")
        }
        for (key, value) in pairs { network = try network.with(key, value) }
        graph = try network.graph()
      } catch {
        throw CommandFailure(.usage, "--cell \(cell): \(error)")
      }
      return try NetworkPrediction(argument: try table.lowered(graph), predictor: predictor)
    }

    private struct Answer: Encodable {
      let cells: Int
      let fixedNanoseconds: Double
      let nanosecondsPerCell: Double
      let nanoseconds: Double?
      let lowNanoseconds: Double?
      let highNanoseconds: Double?
      let reachableNanoseconds: Double
    }
  }

  /// `srprof nas ratio`: the smallest pruning rate.
  struct Ratio: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The smallest pruning rate at which a candidate meets a latency.",
      discussion: """
        The rate is that of all layers that have a scheme; what their file says of rates does not matter. If no rate \
        meets the latency, the exit code is 1 and the latency that can be reached is printed.

        Example: srprof nas ratio --candidate c.json --table gpu.json --target-ms 50
        """)

    @OptionGroup var tableOptions: TableOptions

    @Option(help: "File of the candidate.", completion: .file(extensions: ["json"]))
    var candidate: String

    @OptionGroup var target: TargetOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
      let candidate = try Candidate(argument: candidate)
      guard candidate.cells.contains(where: { $0.layers.contains { $0.scheme != .none } }) else {
        throw CommandFailure(
          .badFile, "\(self.candidate): no layer has a scheme, so there is nothing to prune")
      }
      let (table, predictor) = try tableOptions.read()
      var failure: PredictionError?
      let curve = try RateCurve { rate throws(CommandFailure) in
        guard let graph = try? candidate.pruned(rate: rate).graph() else { return nil }
        let network = try table.lowered(graph)
        do throws(PredictionError) {
          return target.limit.compared(try NetworkPrediction(network, predictor: predictor))
        } catch {
          failure = error
          return .infinity
        }
      }
      guard let first = curve.points.first, let last = curve.points.last else {
        throw CommandFailure(
          .badFile,
          failure.map { "\(self.candidate): at no rate does it run: \($0)" }
            ?? "\(self.candidate): its layers cannot be pruned by one rate")
      }
      let point = curve.smallestRate(within: target.nanoseconds)
      let prediction = try point.map { point throws(CommandFailure) in
        let graph: Graph
        do throws(InvalidNetwork) { graph = try candidate.pruned(rate: point.rate).graph() } catch {
          throw CommandFailure(.badFile, "\(self.candidate): \(error.description)")
        }
        return try NetworkPrediction(argument: table.lowered(graph), predictor: predictor)
      }
      if json {
        try Terminal.output(
          try Answer(
            rate: point?.rate, nanoseconds: prediction?.nanoseconds,
            lowNanoseconds: prediction?.lowNanoseconds,
            highNanoseconds: prediction?.highNanoseconds,
            rateOneNanoseconds: first.nanoseconds, largestRate: last.rate,
            reachableNanoseconds: last.nanoseconds
          ).prettyJSON())
      } else {
        let range: TerminalText =
          "\(Format.duration(nanoseconds: first.nanoseconds)) at rate "
          + "\(Format.significant(first.rate)), "
          + "\(Format.duration(nanoseconds: last.nanoseconds)) at rate "
          + "\(Format.significant(last.rate))\n"
        let answer: TerminalText
        if let point, let prediction {
          answer = "rate   \(Format.decimals(point.rate, 2)): \(Format.latency(prediction))\n"
        } else {
          answer = "rate   none meets \(Format.duration(nanoseconds: target.nanoseconds))\n"
        }
        try Terminal.output(answer + "range  " + range)
      }
      if point == nil { throw ExitCode(1) }
    }

    private struct Answer: Encodable {
      let rate: Double?
      let nanoseconds: Double?
      let lowNanoseconds: Double?
      let highNanoseconds: Double?
      let rateOneNanoseconds: Double
      let largestRate: Double
      let reachableNanoseconds: Double
    }
  }
}

extension Format {
  /// A prediction with the ends of its interval.
  fileprivate static func latency(_ prediction: NetworkPrediction) -> String {
    "\(duration(nanoseconds: prediction.nanoseconds)) "
      + "(\(duration(nanoseconds: prediction.lowNanoseconds)) to "
      + "\(duration(nanoseconds: prediction.highNanoseconds)))"
  }
}
