import Files
import FoundationEssentials
import Glibc
import TableExamples
import Testing

@Suite("Contents of files")
struct FileContentsTests {
  @Test("a file is read as a whole, up to a limit, and replaced as a whole")
  func whole() throws {
    try inTemporaryFolder { folder in
      let path = "\(folder)/a"
      try FileContents.replace(path, with: [1, 2, 3])
      try FileContents.replace(path, with: [4, 5])
      #expect(try FileContents.read(path) == [4, 5])
      #expect(throws: FileContents.Failure.self) { try FileContents.read(path, atMost: 1) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test("a part of a file is read, and a folder, a pipe or a device is none")
  func parts() throws {
    try inTemporaryFolder { folder in
      try FileContents.replace("\(folder)/a", with: [1, 2, 3, 4])
      let file = try InputFile(path: "\(folder)/a")
      #expect(file.size == 4)
      #expect(try file.read(2, from: 1) == [2, 3])
      #expect(throws: FileContents.Failure.self) { try file.read(2, from: 3) }
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      for path in [folder, "\(folder)/pipe", "/dev/zero"] {
        #expect(throws: FileContents.Failure.self, "\(path)") {
          _ = try InputFile(path: path).size
        }
      }
    }
  }

  @Test("a file beside another one is read, and not through a link that leaves the folder")
  func beside() throws {
    try inTemporaryFolder { folder in
      let files = FileManager.default
      try files.createDirectory(
        atPath: "\(folder)/inner/below", withIntermediateDirectories: true)
      for name in ["outer", "inner/a", "inner/below/b"] {
        try Data(name.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      }
      let own = "\(folder)/inner/own"
      for name in ["a", "below/b"] {
        let bytes = try FileContents.read("\(folder)/inner/\(name)", beside: own)
        #expect(String(decoding: bytes, as: UTF8.self) == "inner/\(name)")
      }
      let links = [("link", "../outer"), ("up", ".."), ("zero", "/dev/zero")]
      for (name, target) in links {
        try files.createSymbolicLink(
          atPath: "\(folder)/inner/\(name)", withDestinationPath: target)
      }
      for name in ["link", "up/outer", "zero", "none", "below"] {
        #expect(throws: FileContents.Failure.self, "\(name)") {
          try FileContents.read("\(folder)/inner/\(name)", beside: own)
        }
      }
      #expect(mkfifo("\(folder)/inner/pipe", 0o600) == 0)
      #expect(throws: FileContents.Failure.self) {
        try FileContents.read("\(folder)/inner/pipe", beside: own)
      }
    }
  }

  @Test("links, hard links and other spellings of a file are one place, also before it is there")
  func places() throws {
    try inTemporaryFolder { folder in
      let files = FileManager.default
      try FileContents.replace("\(folder)/a", with: [])
      try files.linkItem(atPath: "\(folder)/a", toPath: "\(folder)/hard")
      try files.createSymbolicLink(atPath: "\(folder)/soft", withDestinationPath: "a")
      try files.createSymbolicLink(atPath: "\(folder)/later", withDestinationPath: "new")
      let place = FilePlace("\(folder)/a")
      #expect(place != nil)
      for name in ["hard", "soft", "./a"] { #expect(FilePlace("\(folder)/\(name)") == place) }
      #expect(FilePlace("\(folder)/later") == FilePlace("\(folder)/new"))
      #expect(FilePlace("\(folder)/new") != place)
      #expect(FilePlace(folder) == nil)
    }
  }
}
