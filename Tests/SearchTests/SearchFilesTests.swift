import Foundation
import Resources
import Search
import SearchExamples
import TableExamples
import Testing

@Suite struct `What the program carries for searches` {
  @Test func `are spaces that can be read at every scale`() throws {
    let spaces = EmbeddedFiles.texts(in: "Profiles/spaces/")
    #expect(spaces.count == 4)
    for (name, text) in spaces {
      for scale in 2...4 {
        #expect(try SearchSpace(yaml: text, file: name, scale: scale).scale == scale)
      }
    }
  }

  @Test func `are schemas that shipped spaces and the messages of a search keep to`() throws {
    let schemas = EmbeddedFiles.texts(in: "Sources/Search/")
    #expect(schemas.count == 2)
    try inTemporaryFolder { folder in
      for (name, text) in schemas {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      }
      for (name, text) in EmbeddedFiles.texts(in: "Profiles/spaces/") {
        let space = try SearchSpace(yaml: text, file: name, scale: 2)
        try Data(space.json.utf8).write(to: URL(filePath: "\(folder)/\(name).space.json"))
      }
      // Everything that goes to an evaluator and comes from it.
      let run = try SmallSearch().run("\(folder)/search")
      let tee =
        "tee '\(folder)/in.jsonl' | \(SmallSearch.evaluator().command) | tee '\(folder)/out.jsonl'"
      _ = try run.run(rounds: 2, evaluator: EvaluatorOptions(command: tee))
      let asked = try run.ask(2).map { try run.line($0) }.joined(separator: "\n")
      try Data(asked.utf8).write(to: URL(filePath: "\(folder)/asked.jsonl"))
      let check = """
        import glob, json
        from jsonschema import Draft202012Validator
        def validator(name):
            schema = json.load(open(f"\(folder)/{name}.schema.json"))
            Draft202012Validator.check_schema(schema)
            return Draft202012Validator(schema)
        space = validator("search-space")
        for file in glob.glob("\(folder)/*.space.json"):
            space.validate(json.load(open(file)))
        lines = validator("evaluator-protocol")
        types = set()
        for name in ("in", "out", "asked"):
            for line in open(f"\(folder)/{name}.jsonl"):
                message = json.loads(line)
                types.add(message["type"])
                lines.validate(message)
        assert types == {"hello", "ready", "evaluate", "progress", "result", "bye"}, types
        print("valid")
        """
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.arguments = ["-c", check]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(text == "valid\n")
    }
  }
}
