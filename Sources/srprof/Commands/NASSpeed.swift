internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Search
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
      let (table, predictor) = try tableOptions.read()
      let start = ContinuousClock.now
      let space: WDSRSpace
      let model: WDSRLatency
      do throws(InvalidNetwork) {
        let input = ImageSize(input) ?? .standard
        space = try WDSRSpace(
          scale: 2, output: ImageSize(width: 2 * input.width, height: 2 * input.height),
          channels: [24], cells: cells...cells, rates: [1, 2, 3, 5, 10])
        model = try WDSRLatency(space, table: table, predictor: predictor)
      } catch {
        throw CommandFailure(.usage, error.description)
      }
      let preparation = (ContinuousClock.now - start) / .milliseconds(1)
      var random = SplitMix64(state: 1)
      let candidates = (0..<1024).map { _ in
        (point: space.random(using: &random), rate: random.below(space.rates.count))
      }
      let whole = rate(of: candidates.count) {
        candidates.reduce(0) { $0 + model.nanoseconds($1.point, rate: $1.rate) }
      }
      let base = candidates[0].point
      let current = model.nanoseconds(base, rate: 1)
      let mutations = candidates.map { (point: $0.point, cell: random.below(cells)) }
      let mutated = rate(of: mutations.count) {
        mutations.reduce(0) {
          $0 + current - model.nanoseconds(base, rate: 1, cell: $1.cell)
            + model.nanoseconds($1.point, rate: 1, cell: $1.cell)
        }
      }
      try Terminal.output(
        """
        preparation  \(Format.decimals(preparation, 1)) ms
        candidates   \(Format.significant(whole / 1e6)) million a second, of \(cells) cells each
        mutations    \(Format.significant(mutated / 1e6)) million a second

        """)
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
