import Testing

/// Stores with values that nobody measured.
@Suite struct `A damaged store` {
  @Test(arguments: [
    ("UPDATE sample SET visit = 9223372036854775807", "has the sample 1, in which visit is"),
    (
      "UPDATE sample SET chainLength = -4 WHERE id = 2",
      "has the sample 2, in which chainLength is -4"
    ),
    ("UPDATE sample SET nanoseconds = 'long'", "has the sample 1, in which nanoseconds is a text"),
    ("UPDATE reading SET nanoseconds = 9e999", "has the reading 1, in which nanoseconds is inf"),
    ("UPDATE scope SET ceilings = '{}}'", "has the scope 1, in which ceilings is not JSON"),
    ("DROP TABLE sample", "its SQLite table 'sample' is missing"),
  ])
  func `is refused in one line that names the record`(change: String, expected: String) throws {
    try withCommand { command in
      let profile = try command.write(
        "add.yaml",
        """
        name: add
        rowSeconds: 0.1
        workloads: [{ add: { channels: [4], maps: [[8, 8]] } }]
        """)
      let arguments = [
        "measure", "--device", "llvmpipe", "--profile", profile, "--tune", "off", "--quiet", "-o",
        "t.json",
      ]
      #expect(try command.start(arguments).finish().status == 0)
      _ = try command.query(change)
      let outcome = try command.start(arguments).finish()
      #expect(outcome.status == 65)
      #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(expected), "\(outcome.errors)")
    }
  }
}
