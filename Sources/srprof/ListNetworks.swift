internal import ArgumentParser
internal import Networks

/// `srprof networks`: what the zoo has, and what a network is made of.
struct ListNetworks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "List the families of networks, or the layers of one network.",
    discussion: """
      Without a network: families, their keys and defaults. With one: its layers, with shapes (channels x height x \
      width), parameters and multiply-accumulates (MACs).

      Example: srprof networks; srprof networks wdsr-b:blocks=16,channels=32,scale=4
      """)

  @Argument(help: "The network: a family and its keys, as in wdsr-b:blocks=16,scale=4.")
  var description: String?

  @OptionGroup var options: NetworkOptions

  @Flag(help: "Print as JSON, for programs.")
  var json = false

  func run() throws {
    guard let graph = try graph() else {
      return try Terminal.output(json ? try FamilyListing().prettyJSON() : FamilyListing.text)
    }
    let listing = GraphListing(graph)
    try Terminal.output(json ? try listing.prettyJSON() : listing.text)
  }

  /// The network that is named; `nil` for none.
  private func graph() throws(CommandFailure) -> Graph? {
    guard let description else { return options.isEmpty ? nil : try options.graph() }
    guard options.isEmpty else {
      throw CommandFailure(
        .usage, "one network at a time: '\(description)', or an option that names it")
    }
    return try NetworkOptions.graph(of: description)
  }
}
