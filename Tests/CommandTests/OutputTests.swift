import Foundation
import Testing

/// Files that one command names twice.
@Suite struct `What is written` {
  private static let model = """
    import onnx, numpy, sys
    from onnx import helper, numpy_helper
    weight = numpy_helper.from_array(numpy.ones((3, 3, 3, 3), numpy.float32), "w")
    image = lambda name: helper.make_tensor_value_info(name, 1, [1, 3, 8, 8])
    node = helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])
    model = helper.make_model(
        helper.make_graph([node], "g", [image("x")], [image("y")], [weight]),
        opset_imports=[helper.make_opsetid("", 13)])
    onnx.save(model, "m.onnx", save_as_external_data=True, location="m.npy", size_threshold=0)
    numpy.save("in.npy", numpy.zeros((1, 3, 8, 8), numpy.float32))
    """

  /// Files of every kind that commands read.
  private static func prepare(_ command: Command) throws {
    _ = try command.write(
      "p.yaml",
      "name: p\nmaps: [[8, 8]]\nworkloads:\n"
        + "  - convolution: { kernel: 3, channels: [[1, 1]], sparsity: { mask: mask.txt } }\n")
    _ = try command.write("mask.txt", "100000000\n")
    _ = try command.write("limits.yaml", "name: l\n")
    _ = try command.write("store", "not a store")
    _ = try command.write("store-journal", "not a journal")
    _ = try command.write(
      "c.json",
      "{\"scale\": 2, \"channels\": 8, \"cells\": [{\"block\": \"wdsr-a\", \"layers\": [{\"scheme\": "
        + "\"none\"}, {\"scheme\": \"none\"}]}]}")
    try FileManager.default.copyItem(
      atPath: `Comparing and exporting tables`.table, toPath: command.path("t.json"))
    try FileManager.default.createDirectory(
      atPath: command.path("shaders"), withIntermediateDirectories: true)
    _ = try command.write("shaders/conv.comp", "a shader")
    let script = try command.write("model.py", model)
    let python = Process()
    python.executableURL = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: ".build/python/bin/python")
    python.arguments = [script]
    python.currentDirectoryURL = command.folder
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)
  }

  private static let measure = [
    "measure", "--profile", "p.yaml", "--limits", "limits.yaml", "--store", "store", "-o",
  ]
  private static let run = [
    "run", "--onnx", "m.onnx", "--input", "in.npy", "--table", "t.json", "--limits", "limits.yaml",
    "--store", "store", "-o",
  ]

  @Test(arguments: [
    (measure, ["p.yaml", "mask.txt", "limits.yaml", "store", "store-journal"]),
    (measure, ["store-wal", "shaders/conv.comp", "data/srprof/store.sqlite"]),
    (["report", "t.json", "-o"], ["t.json"]),
    (["export", "t.json", "--format", "csv", "-o"], ["t.json"]),
    (["calibrate", "--table", "t.json", "--store", "store", "-o"], ["store", "store-shm"]),
  ])
  func `is never what is read`(arguments: [String], files: [String]) throws {
    try withCommand { command in
      try Self.prepare(command)
      command.environment["SRPROF_SHADERS"] = command.path("shaders")
      let before = try Self.contents(command)
      for file in files {
        let isThere = FileManager.default.fileExists(atPath: command.path(file))
        for way in isThere ? [file, "./\(file)", "soft", "hard"] : [file, "./\(file)", "soft"] {
          defer { try? FileManager.default.removeItem(atPath: command.path("soft")) }
          defer { try? FileManager.default.removeItem(atPath: command.path("hard")) }
          if way == "soft" {
            try FileManager.default.createSymbolicLink(
              atPath: command.path(way), withDestinationPath: file)
          } else if way == "hard" {
            try FileManager.default.linkItem(
              atPath: command.path(file), toPath: command.path(way))
          }
          let outcome = try command.start(arguments + [way]).finish()
          #expect(outcome.status == 64, "\(file) as \(way): \(outcome.errors)")
          #expect(outcome.errorLines.count == 1 && outcome.errors.contains("would be lost"))
        }
      }
      #expect(try Self.contents(command) == before)
    }
  }

  @Test func `is never a model, its weights, a picture or a page of a table`() throws {
    try withCommand { command in
      try Self.prepare(command)
      for (name, target) in [
        ("a.npy", "m.onnx"), ("b.npy", "t.json"), ("c.npy", "limits.yaml"), ("d.npy", "store"),
        ("e.npy", "store-wal"), ("t.svg", "t.json"),
      ] {
        try FileManager.default.createSymbolicLink(
          atPath: command.path(name), withDestinationPath: target)
      }
      let before = try Self.contents(command)
      for file in ["in.npy", "m.npy", "a.npy", "b.npy", "c.npy", "d.npy", "e.npy"] {
        let outcome = try command.start(Self.run + [file]).finish()
        #expect(outcome.status == 64, "\(file): \(outcome.errors)")
        #expect(outcome.errors.contains("would be lost"))
      }
      for arguments in [
        ["explore", "splitsr", "--table", "t.json", "--scale", "4", "--picture", "t.svg"],
        ["validate", "--table", "t.json", "--size", "40x24", "--picture", "t.svg"],
        ["networks", "--candidate", "c.json", "--onnx", "c.json"],
      ] {
        #expect(try command.start(arguments).finish().status == 64, "\(arguments)")
      }
      #expect(try Self.contents(command) == before)
    }
  }

  @Test func `is no store that holds what is read, and none that a table replaces`() throws {
    try withCommand { command in
      try Self.prepare(command)
      let before = try Self.contents(command)
      for arguments in [
        ["measure", "--profile", "p.yaml", "--store", "p.yaml", "-o", "x.json"],
        ["measure", "--profile", "p.yaml", "--store", "new/../mask.txt", "-o", "x.json"],
        ["measure", "--profile", "p.yaml", "--store", "new/s", "-o", "./new/s"],
        ["measure", "--profile", "p.yaml", "--store", "s", "-o", "s-journal"],
        ["run", "--onnx", "m.onnx", "--store", "m.npy", "--seconds", "0.1"],
        ["calibrate", "--table", "t.json", "--store", "t.json"],
        [
          "devices", "--device", "llvmpipe", "--ceilings", "--limits", "limits.yaml", "--store",
          "limits.yaml",
        ],
      ] {
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains("would be lost"), "\(outcome.errors)")
      }
      #expect(try Self.contents(command) == before)
    }
  }

  @Test func `is no file that another user made a device's lock of`() throws {
    try withCommand { command in
      let arguments = [
        "measure", "--device", "llvmpipe", "--only", "add *", "--tune", "off", "--row-seconds",
        "0.05",
        "--quiet", "-o", "x.json",
      ]
      #expect(try command.start(arguments).finish().status == 0)
      let name = try FileManager.default.contentsOfDirectory(atPath: command.folder.path)
        .first { $0.hasSuffix(".lock") }
      let lock = command.path(try #require(name))
      let precious = try command.write("precious", "precious")
      for make in [
        { try FileManager.default.linkItem(atPath: precious, toPath: lock) },
        {
          try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: precious)
        }, { try #require(mkfifo(lock, 0o600) == 0) },
      ] {
        try FileManager.default.removeItem(atPath: lock)
        try make()
        let outcome = try command.start(arguments).finish()
        #expect(outcome.status == 74 && outcome.errorLines.count == 1, "\(outcome.errors)")
      }
      #expect(try String(contentsOfFile: precious, encoding: .utf8) == "precious")
    }
  }

  /// All files of the folder but those of the runs themselves and the locks of devices.
  private static func contents(_ command: Command) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: command.folder.path)
    while let name = names?.nextObject() as? String {
      guard !name.hasPrefix("."), !name.hasSuffix(".lock"), !name.hasPrefix("cache"),
        let data = FileManager.default.contents(atPath: command.path(name))
      else { continue }
      contents[name] = data
    }
    return contents
  }
}
