internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Search
internal import Tables

/// `srprof explore`: what the choices of a design cost.
struct Explore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sweep the choices of a network design: latency, size, and the best of both.",
    subcommands: [SplitSR.self])

  /// `srprof explore splitsr`: split ratio, hybrid index, hybrid mode, replacement location.
  struct SplitSR: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "splitsr",
      abstract:
        "Sweep SplitSR over split ratio, hybrid index, hybrid mode and replacement location.",
      discussion: """
        Networks that are the same but for choices without effect are there once. A star marks the Pareto front: no \
        other network is faster and has as many parameters, which stand for what it can learn.

        Example: srprof explore splitsr --table gpu.json --scale 4 --picture splitsr.html
        """)

    @OptionGroup var tableOptions: TableOptions

    @Option(help: "How many times larger the image gets.")
    var scale: Int

    @Option(name: .customLong("output"), help: "Size of the image that goes out.")
    var size = "1280x720"

    @Option(help: "Print as text, markdown, csv or json.")
    var format = ListingFormat.text

    @OptionGroup var drawing: DrawingOptions

    func run() throws {
      let file = try drawing.file(besides: [tableOptions.table])
      let table = try LatencyTable(argument: tableOptions.table)
      let predictor = try tableOptions.predictor(of: table)
      let sweep: SplitSRSweep
      do throws(InvalidNetwork) {
        sweep = try SplitSRSweep(
          scale: scale, output: size, table: table, predictor: predictor)
      } catch {
        throw CommandFailure(.usage, error.description)
      }
      guard !sweep.networks.isEmpty else {
        throw CommandFailure(.badFile, sweep.failures.first ?? "\(tableOptions.table): no latency")
      }
      switch format {
      case .text: try Terminal.output(sweep.listing.text)
      case .markdown: try Terminal.output(sweep.listing.markdown)
      case .csv: try Terminal.output(sweep.figures.csv)
      case .json: try Terminal.output(try sweep.networks.prettyJSON())
      }
      if let file {
        try drawing.draw(
          sweep.scatter(device: table.device.name), to: file,
          command: "srprof explore splitsr --table \(tableOptions.table) --scale \(scale) "
            + "--output \(size)")
      }
      if let first = sweep.failures.first {
        throw CommandFailure(
          .someRowsFailed, "\(sweep.failures.count) variants have no latency, such as \(first)")
      }
    }
  }
}
