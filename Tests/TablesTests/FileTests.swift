import FoundationEssentials
import TableExamples
import Tables
import Testing

@Suite("Writing and reading files")
struct FileTests {
  @Test("a table replaces the file before it and leaves nothing beside it")
  func replaces() throws {
    try inTemporaryFolder { folder in
      try Data("old".utf8).write(to: URL(filePath: "\(folder)/a.json"))
      try exampleTable.write(to: "\(folder)/a.json")
      #expect(try LatencyTable(contentsOf: "\(folder)/a.json") == exampleTable)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.json"])
    }
  }

  @Test("a table that cannot be written leaves the file before it as it was")
  func keeps() throws {
    try inTemporaryFolder { folder in
      try exampleTable.write(to: "\(folder)/a.json")
      var wrong = exampleTable
      wrong.rows.append(wrong.rows[0])
      #expect(throws: TableError.self) { try wrong.write(to: "\(folder)/a.json") }
      #expect(try LatencyTable(contentsOf: "\(folder)/a.json") == exampleTable)
    }
  }

  @Test("a symbolic link still points to the file, and permissions stay")
  func linkAndPermissions() throws {
    try inTemporaryFolder { folder in
      let files = FileManager.default
      try Data().write(to: URL(filePath: "\(folder)/real.json"))
      try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder)/real.json")
      try files.createSymbolicLink(
        atPath: "\(folder)/link.json", withDestinationPath: "real.json")
      try exampleTable.write(to: "\(folder)/link.json")
      #expect(try files.destinationOfSymbolicLink(atPath: "\(folder)/link.json") == "real.json")
      #expect(try LatencyTable(contentsOf: "\(folder)/real.json") == exampleTable)
      let attributes = try files.attributesOfItem(atPath: "\(folder)/real.json")
      #expect("\(attributes[.posixPermissions] ?? 0)" == "\(0o600)")
    }
  }

  @Test("a new table has the permissions that the mask leaves")
  func newPermissions() throws {
    try inTemporaryFolder { folder in
      // A file made by the standard library has them too.
      try Data().write(to: URL(filePath: "\(folder)/plain"))
      try exampleTable.write(to: "\(folder)/a.json")
      let modes = try ["plain", "a.json"].map { name in
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
        return "\(attributes[.posixPermissions] ?? 0)"
      }
      #expect(Set(modes).count == 1, "\(modes)")
    }
  }

  @Test("a device file is written to and not replaced")
  func deviceFile() throws {
    try exampleTable.write(to: "/dev/null")
    let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test("a file that cannot be reached is told apart from one that is wrong")
  func unreachable() throws {
    try inTemporaryFolder { folder in
      let missing = "\(folder)/none.json"
      #expect(
        throws: TableError(file: missing, .cannotRead("No such file or directory"))
      ) { try LatencyTable(contentsOf: missing) }
      #expect(throws: TableError(file: folder, .cannotRead("Is a directory"))) {
        try LatencyTable(contentsOf: folder)
      }
      #expect(throws: TableError(file: folder, .cannotWrite("it is a folder"))) {
        try exampleTable.write(to: folder)
      }
      let nowhere = "\(folder)/none/a.json"
      let error = #expect(throws: TableError.self) { try exampleTable.write(to: nowhere) }
      #expect(error?.description == "\(nowhere): cannot be written: No such file or directory")
      #expect(error?.isInputOutput == true)

      try Data("{".utf8).write(to: URL(filePath: "\(folder)/cut.json"))
      let cut = #expect(throws: TableError.self) {
        try LatencyTable(contentsOf: "\(folder)/cut.json")
      }
      #expect(cut?.isInputOutput == false)
      #expect(cut?.file == "\(folder)/cut.json")
    }
  }
}
