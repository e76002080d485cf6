import Testing

/// Measuring some rows of a profile, as a user does.
@Suite struct `Measuring adaptively` {
  private static let profile = """
    name: many
    rowSeconds: 0.05
    maps: [[12, 20]]
    workloads:
      - convolution: { kernel: 1, inputs: [4, 8, 12, 16, 24, 32], outputs: [4, 8, 12, 16, 24, 32] }

    """

  private func measure(
    _ command: Command, _ more: String...
  ) throws -> (outcome: Command.Outcome, table: ReadTable?) {
    let profile = try command.write("many.yaml", Self.profile)
    let outcome = try command.start(
      ["measure", "--device", "llvmpipe", "--profile", profile, "--tune", "off", "-o", "t.json"]
        + more
    ).finish()
    return (outcome, try? ReadTable(command.path("t.json")))
  }

  @Test func `leaves out rows that others predict, says what is expected of them, and carries on`()
    throws
  {
    try withCommand { command in
      let (outcome, table) = try measure(command, "--adaptive", "--error", "100%")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let first = try #require(table)
      #expect(4..<36 ~= first.rows.count, "\(first.rows.count)")
      #expect(first.isComplete == false)
      let warnings = first.object["warnings"] as? [String] ?? []
      #expect(warnings.contains { $0.contains("of 36 rows of the profile were left out") })
      let listed = outcome.output.split(separator: "\n").drop { !$0.hasPrefix("left out") }
        .dropFirst()
      #expect(listed.count == 36 - first.rows.count)
      #expect(outcome.errors.contains("rows done, \(listed.count) predicted, with an error of"))
      // The same rows, which the store has.
      let again = try measure(command, "--adaptive", "--error", "100%")
      #expect(again.table?.names == first.names)
      let all = try measure(command)
      #expect(all.table?.rows.count == 36 && all.table?.isComplete == true)
      let rest = try measure(command, "--adaptive", "--error", "0.01%")
      #expect(rest.outcome.status == 0, "\(rest.outcome.errors)")
      #expect(rest.table?.rows.count == 36 && rest.table?.isComplete == true)
    }
  }

  @Test func `measures the layers of a network alone`() throws {
    try withCommand { command in
      // One of its layers is in the profile.
      let (outcome, table) = try measure(
        command, "--adaptive", "--error", "1%", "--for",
        "block-depthwise-separable:count=1,channels=24,input=20x12")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(table?.names == ["conv1x1 24->24 12x20"], "\(table?.names ?? [])")
    }
  }

  @Test func `refuses a network of other layers, and a time in which nothing is done`() throws {
    try withCommand { command in
      let (outcome, table) = try measure(
        command, "--adaptive", "--error", "1%", "--for",
        "wdsr-b:blocks=1,channels=16,scale=2,input=20x12")
      #expect(outcome.status == 64)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("no row of the profile is a layer of wdsr-b"))
      #expect(table == nil)
      let short = try measure(command, "--adaptive", "--time", "0.001s")
      #expect(short.outcome.status == 64 && short.table == nil)
      #expect(short.outcome.errors.contains("give more --time"), "\(short.outcome.errors)")
    }
  }

  @Test(arguments: [
    ["--error", "5"], ["--time", "3m"], ["--for", "espcn"], ["--adaptive", "--error", "no"],
    ["--adaptive", "--error", "0"], ["--adaptive", "--time", "-3"], ["--adaptive", "--time", "3d"],
    ["--adaptive", "--dry-run"], ["--adaptive", "--fresh"], ["--adaptive", "--error", "200"],
  ])
  func `refuses what has no meaning`(arguments: [String]) throws {
    try withCommand { command in
      let outcome = try command.start(["measure", "--device", "llvmpipe"] + arguments).finish()
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.errors)")
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
    }
  }
}
