internal import ArgumentParser
internal import Networks
internal import Prediction
internal import Report
internal import Tables

extension NAS {
  /// `srprof nas compare`: the networks that a search is held against.
  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Published networks on the device of a table: size, latency, quality.",
      discussion: """
        Latencies are predicted for this device, the fastest network first; PSNR is that which the network's authors \
        or others published, in dB of the brightness, and not measured here.

        Example: srprof nas compare --table gpu.json --scale 2
        """)

    @OptionGroup var tableOptions: TableOptions

    @Option(help: "How many times larger the image gets: 2, 3 or 4.")
    var scale: Int

    @Option(help: "Size of the image that goes out.")
    var output = "1280x720"

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
      guard 2...4 ~= scale else { throw ValidationError("--scale is 2, 3 or 4.") }
      guard ImageSize(output) != nil else {
        throw ValidationError("--output is WIDTHxHEIGHT, such as 1280x720.")
      }
    }

    func run() throws {
      let (table, predictor) = try tableOptions.read()
      var rows: [Row] = []
      for network in PublishedNetwork.all where network.scale == scale {
        rows.append(try row(network, table, predictor))
      }
      rows.sort { ($0.nanoseconds ?? .infinity, $0.name) < ($1.nanoseconds ?? .infinity, $1.name) }
      try Terminal.output(json ? try rows.prettyJSON() : text(rows, table))
    }

    private func row(
      _ published: PublishedNetwork, _ table: LatencyTable, _ predictor: LatencyPredictor
    ) throws(CommandFailure) -> Row {
      let graph: Graph
      do throws(InvalidNetwork) {
        graph = try NetworkDescription(parsing: published.description).with("output", output)
          .graph()
      } catch {
        throw CommandFailure(.usage, "--output \(output): \(published.name): \(error.description)")
      }
      var row = Row(
        name: published.name, network: graph.name, parameters: graph.parameters, macs: graph.macs,
        psnr: Dictionary(
          uniqueKeysWithValues: zip(PublishedNetwork.sets, published.psnr).compactMap {
            set, psnr in psnr.map { (set, $0) }
          }), source: published.source.isEmpty ? nil : published.source)
      let lowered = try table.lowered(graph)
      do throws(PredictionError) {
        let prediction = try NetworkPrediction(lowered, predictor: predictor)
        row.nanoseconds = prediction.nanoseconds
        row.lowNanoseconds = prediction.lowNanoseconds
        row.highNanoseconds = prediction.highNanoseconds
      } catch {
        row.failure = "\(error)"
      }
      return row
    }

    private func text(_ rows: [Row], _ table: LatencyTable) -> TerminalText {
      var columns: [(String, TextTable.Alignment)] = [
        ("network", .left), ("parameters", .right), ("MACs", .right), ("latency", .right),
        ("+-", .right), ("frames/s", .right),
      ]
      columns += PublishedNetwork.sets.map { ($0, .right) }
      var listing = TextTable(columns)
      for row in rows {
        var cells = [row.name, Format.metric(row.parameters), Format.metric(row.macs)]
        if let nanoseconds = row.nanoseconds, let low = row.lowNanoseconds,
          let high = row.highNanoseconds
        {
          cells += [
            Format.duration(nanoseconds: nanoseconds),
            Format.percent((high - low) / 2 / nanoseconds), Format.significant(1e9 / nanoseconds),
          ]
        } else {
          cells += ["does not run", "", ""]
        }
        cells += PublishedNetwork.sets.map { set in
          row.psnr[set].map { Format.decimals($0, 2) } ?? ""
        }
        listing.add(cells)
      }
      let sources = Dictionary(grouping: rows.filter { $0.source != nil }) { $0.source ?? "" }
        .sorted { $0.key < $1.key }
        .map { "  \($0.key): \($0.value.map(\.name).joined(separator: ", "))\n" }.joined()
      return "device  \(table.device.nameAndKind)\noutput  \(output)\n\n" + listing.text
        + "PSNR in dB as published, by\n" + TerminalText(lines: sources)
    }

    private struct Row: Encodable {
      let name: String
      let network: String
      let parameters: Int
      let macs: Int
      let psnr: [String: Double]
      let source: String?
      var nanoseconds: Double?
      var lowNanoseconds: Double?
      var highNanoseconds: Double?
      var failure: String?
    }
  }
}
