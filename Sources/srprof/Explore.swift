internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
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

    @Option(help: "Also draw the networks to this file, an .svg or an .html (needs gnuplot-nox).")
    var picture: String?

    func validate() throws {
      if let picture, !picture.hasSuffix(".svg"), !picture.hasSuffix(".html") {
        throw ValidationError("--picture is an .svg or an .html file.")
      }
    }

    func run() throws {
      let file = try picture.map { path throws(CommandFailure) in try OutputFile(path: path) }
      let table = try LatencyTable(argument: tableOptions.table)
      let sweep = try SplitSRSweep(
        scale: scale, output: size, predictor: try tableOptions.predictor(of: table))
      switch format {
      case .text: try Terminal.output(sweep.listing.text)
      case .markdown: try Terminal.output(sweep.listing.markdown)
      case .csv: try Terminal.output(sweep.figures.csv)
      case .json: try Terminal.output(try sweep.networks.prettyJSON())
      }
      guard let file, let picture else { return }
      let scatter = sweep.scatter(device: table.device.name)
      let text: String
      do throws(Scatter.Failure) {
        text =
          picture.hasSuffix(".svg")
          ? try scatter.svg()
          : try scatter.html(
            command: "srprof explore splitsr --table \(tableOptions.table) --scale \(scale)")
      } catch {
        throw CommandFailure(.inputOutput, "\(picture) is not drawn: \(error)")
      }
      try file.write(text)
    }
  }
}
