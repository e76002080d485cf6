import Foundation
import Testing

/// Files that are wrong in every way, of which `make fuzz` reads more.
@Suite struct `Readers of files` {
  @Test func `neither crash nor hang on thousands of wrong files`() throws {
    try withCommand { command in
      let program = Command.program.deletingLastPathComponent().appending(path: "fuzz")
      let outcome = try command.run(
        "--inputs", "20000", "--seed", "1", "--output", command.path("failed"), program: program)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasSuffix("20000 inputs, 0 failed\n"))
    }
  }
}
