internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Statistics
internal import Tables
internal import Workloads

extension NAS {
  /// `srprof nas speed`: how fast candidates are predicted.
  struct Speed: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "How many candidates and mutations a second a search can ask for, on one core here.",
      discussion: "Example: srprof nas speed --table gpu.json --input 160x90")

    @OptionGroup var tableOptions: TableOptions

    @Option(help: "Size of the image that comes in.")
    var input = "640x360"

    @Option(help: "Cells of a candidate.")
    var cells = 16

    func validate() throws {
      guard ImageSize(input) != nil else {
        throw ValidationError("--input is WIDTHxHEIGHT, such as 640x360.")
      }
      guard 1...64 ~= cells else { throw ValidationError("--cells is a number from 1 to 64.") }
    }

    func run() throws {
      let predictor = try tableOptions.read().predictor
      let start = ContinuousClock.now
      let space = try space()
      let model: LatencyModel
      do throws(PredictionError) { model = try LatencyModel(space, predictor: predictor) } catch {
        throw CommandFailure(.badFile, "\(tableOptions.table): \(error)")
      }
      let preparation = (ContinuousClock.now - start) / .milliseconds(1)
      var random = SplitMix64(state: 1)
      let candidates = (0..<1024).map { _ in EncodedCandidate(in: space, using: &random) }
      let whole = rate(of: candidates.count) {
        candidates.reduce(0) { $0 + model.latency($1) }
      }
      let base = candidates[0]
      let current = model.latency(base)
      let mutations = (0..<1024).map { _ in
        let (cell, layer) = (random.below(cells), random.below(2))
        let options = space.cells[cell][base.block(ofCell: cell)].layers[layer].options.count
        return Mutation.layer(cell: cell, layer: layer, option: random.below(options))
      }
      let mutated = rate(of: mutations.count) {
        mutations.reduce(0) { $0 + model.latency(after: $1, of: base, current: current) }
      }
      try Terminal.output(
        """
        preparation  \(Format.decimals(preparation, 1)) ms
        candidates   \(Format.significant(whole / 1e6)) million a second, of \(cells) cells each
        mutations    \(Format.significant(mutated / 1e6)) million a second

        """)
    }

    private func space() throws(CommandFailure) -> SearchSpace {
      let prunings = [2.0, 3, 5, 10].flatMap { rate in
        [PruningScheme.blockPunched, .unstructured].map { Candidate.Layer($0, rate: rate) }
      }
      do throws(InvalidNetwork) {
        return try .wdsr(
          scale: 2, input: ImageSize(input) ?? .standard, channels: 24, cells: cells,
          prunings: prunings + [Candidate.Layer(.pattern, rate: 2)])
      } catch {
        throw CommandFailure(.usage, error.description)
      }
    }

    /// Calls a second of `body`, which makes `count` of them, over half a second.
    private func rate(of count: Int, _ body: () -> Double) -> Double {
      let start = ContinuousClock.now
      var rounds = 0
      var sum = 0.0
      repeat {
        sum += body()
        rounds += 1
      } while ContinuousClock.now - start < .milliseconds(500)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      // The sum is used, so that it has to be computed.
      return sum.isFinite ? Double(rounds * count) / seconds : 0
    }
  }
}
