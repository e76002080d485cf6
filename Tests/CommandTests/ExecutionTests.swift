import Foundation
import Testing

/// Networks executed, calibrated and validated, as a user would.
@Suite(.serialized) struct `Executing networks` {
  private static let small = "wdsr-b:blocks=2,channels=16,scale=2,input=40x24"

  /// A table with every row of two networks.
  private func table(_ command: Command) throws -> String {
    let outcome = try command.run(
      "measure", "--device", "llvmpipe", "--network", Self.small, "--network",
      "wdsr-a:blocks=1,channels=16,scale=2,input=40x24", "--row-seconds", "0.1", "--tune", "off",
      "--output", "t.json", "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return command.path("t.json")
  }

  @Test func `measures layers, predicts their sum, runs them, and calibrates`() throws {
    try withCommand { command in
      let table = try table(command)
      let run = try command.run(
        "run", "--device", "llvmpipe", "--network", Self.small, "--table", table, "--seconds",
        "0.2", "--json")
      #expect(run.status == 0, "\(run.errors)")
      let report = try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let layers = try #require(report["layers"] as? [[String: Any]])
      #expect(layers.count == 9)
      #expect(layers.allSatisfy { $0["basis"] as? String == "exact" })
      // The store has a checked row of each.
      #expect(report["checkedLayers"] as? [String: Int] == ["onTheWay": 0, "before": 9])
      let predicted = layers.compactMap { $0["predictedNanoseconds"] as? Double }.reduce(0, +)
      let whole = try #require(report["predictedNanoseconds"] as? Double)
      #expect(abs(predicted / whole - 1) < 1e-9)
      let error = try #require(report["predictionError"] as? Double)
      let measured = try #require(report["undisturbedNanoseconds"] as? Double)
      #expect(abs(whole / measured - 1 - error) < 1e-9)

      let calibrated = try command.run(
        "calibrate", "--device", "llvmpipe", "--table", table, "--network", Self.small,
        "--network", "wdsr-b:blocks=4,channels=16,scale=2,input=40x24", "--network",
        "wdsr-a:blocks=2,channels=16,scale=2,input=40x24", "--network",
        "wdsr-a:blocks=3,channels=16,scale=2,input=40x24", "--seconds", "0.2",
        "--output", "calibrated.json")
      #expect(calibrated.status == 0, "\(calibrated.errors)")
      let header = try ReadTable(command.path("calibrated.json")).object
      let additivity = try #require(header["additivity"] as? [String: Any])
      #expect(additivity["networks"] as? Int == 4)
      #expect(0...0.1 ~= additivity["savedShare"] as? Double ?? -1)
      #expect((additivity["relativeSpread"] as? Double ?? -1) >= 0)
    }
  }

  @Test func `validates a table by networks it draws, the same for the same seed`() throws {
    try withCommand { command in
      let table = try table(command)
      let first = try command.run(
        "validate", "--device", "llvmpipe", "--table", table, "--networks", "3", "--size",
        "16x12", "--tune", "off", "--seconds", "0.1", "--picture", "p.svg", "--paired")
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("3 networks: median error"))
      for part in ["drift: rows take ", "additivity: sums of rows", " than in the table\n"] {
        #expect(first.output.contains(part), "\(first.output)")
      }
      #expect(try String(contentsOfFile: command.path("p.svg"), encoding: .utf8).contains("<svg"))
      let list = try command.run("validate", "--table", table, "--list", "--size", "16x12")
      #expect(list.output.split(separator: "\n").count == 20)
    }
  }

  @Test func `enlarges a picture, whole or in tiles alike`() throws {
    try withCommand { command in
      let input = try picture(command, width: 90, height: 70)
      let network = [
        "--network", "espcn:colors=3,scale=2", "--input", input, "--tune", "off", "--seconds",
        "0.1",
      ]
      let whole = try command.start(
        ["run", "--device", "llvmpipe", "--output", "whole.npy"] + network
      ).finish()
      #expect(whole.status == 0, "\(whole.errors)")
      let tiles = try command.start(
        ["run", "--device", "llvmpipe", "--tile", "40", "--output", "tiles.npy"] + network
      ).finish()
      #expect(tiles.status == 0, "\(tiles.errors)")
      #expect(tiles.output.contains("tiles, times are of one"))
      try python([
        "-c",
        """
        import numpy, sys
        whole, tiles = map(numpy.load, sys.argv[1:])
        assert whole.shape == tiles.shape == (1, 3, 140, 180), whole.shape
        assert abs(whole - tiles).max() < 1e-5 * abs(whole).max(), abs(whole - tiles).max()
        """, command.path("whole.npy"), command.path("tiles.npy"),
      ])
      let png = try command.start(
        ["run", "--device", "llvmpipe", "--output", "large.png"] + network
      ).finish()
      #expect(png.status == 0, "\(png.errors)")
    }
  }

  /// The zeros of pruned layers are their masks, so the picture is that of the same weights run dense.
  @Test func `enlarges a picture by trained weights, pruned as they are dense`() throws {
    try withCommand { command in
      let input = try picture(command, width: 40, height: 24)
      let (pruned, dense) = (
        try candidate(command, "pruned.json", ["block-punched", "unstructured"], rate: 2),
        try candidate(command, "dense.json", ["none", "none"], rate: 1)
      )
      let weights = command.path("w.safetensors")
      try python(["-c", Self.weightsProgram, weights])
      for (file, output) in [(pruned, "pruned.npy"), (dense, "dense.npy")] {
        let outcome = try command.start([
          "run", "--device", "llvmpipe", "--candidate", file, "--weights", weights, "--input",
          input,
          "--output", output, "--tune", "off", "--seconds", "0.1",
        ]).finish()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("mask:") == (output == "pruned.npy"))
      }
      try python([
        "-c",
        """
        import numpy, sys
        pruned, dense = map(numpy.load, sys.argv[1:])
        assert pruned.shape == dense.shape == (1, 3, 48, 80), pruned.shape
        assert abs(pruned - dense).max() < 1e-4, abs(pruned - dense).max()
        """, command.path("pruned.npy"), command.path("dense.npy"),
      ])
      let model = try command.run(
        "networks", "--candidate", pruned, "--weights", weights, "--onnx", "m.onnx")
      #expect(model.status == 0, "\(model.errors)")
      let other = try command.run(
        "networks", "wdsr-a:blocks=1,channels=4", "--weights", weights)
      #expect(other.status == 65)
      #expect(
        other.errors
          == "srprof: \(weights): tensor 'head.weight' has the shape [8, 3, 3, 3], not [4, 3, 3, 3]\n"
      )
    }
  }

  private func candidate(
    _ command: Command, _ name: String, _ schemes: [String], rate: Int
  ) throws -> String {
    let layers = schemes.map { "{\"scheme\": \"\($0)\", \"rate\": \(rate)}" }
    return try command.write(
      name,
      """
      {"scale": 2, "channels": 8, "cells": [
        {"block": "wdsr-a", "middle": [16], "layers": [\(layers.joined(separator: ", "))]}]}
      """)
  }

  /// Writes weights of which all odd positions of the cell's kernels are zero.
  private static let weightsProgram = """
    import json, struct, sys, numpy
    random, header, numbers = numpy.random.default_rng(1), {}, b""
    for name, outputs, inputs, kernel in (
        ("head", 8, 3, 3), ("cell0.conv0", 16, 8, 3), ("cell0.conv1", 8, 16, 3), ("tail", 12, 8, 3),
        ("skip", 12, 3, 5)):
        weight = random.normal(0, 0.1, (outputs, inputs, kernel * kernel)).astype("<f4")
        if name.startswith("cell"):
            weight[:, :, 1::2] = 0
            weight[:, :, 8] = 0
        for kind, array in (("weight", weight.reshape(outputs, inputs, kernel, kernel)),
                            ("bias", random.normal(0, 0.1, outputs).astype("<f4"))):
            header[f"{name}.{kind}"] = {"dtype": "F32", "shape": array.shape,
                                        "data_offsets": [len(numbers), len(numbers) + array.nbytes]}
            numbers += array.tobytes()
    text = json.dumps(header).encode()
    open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + numbers)
    """

  /// The same picture through ONNX Runtime, but for one level of rounding.
  @Test(arguments: [["--device", "llvmpipe"], ["--device", "cpu"]])
  func `enlarges a picture by an ONNX model as ONNX Runtime does`(device: [String]) throws {
    try withCommand { command in
      let input = try picture(command, width: 70, height: 50)
      let (model, theirs) = (command.path("model.onnx"), command.path("theirs.png"))
      try python(["Tests/onnx-upscaler", model, input, theirs])
      let outcome = try command.start(
        [
          "run", "--onnx", model, "--input", input, "--output", "ours.png", "--tune", "off",
          "--seconds", "0.1",
        ]
          + device
      ).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      try python([
        "-c",
        """
        import numpy, sys
        from PIL import Image
        ours, theirs = (numpy.asarray(Image.open(name)).astype(int) for name in sys.argv[1:])
        assert ours.shape == theirs.shape == (100, 140, 3), ours.shape
        assert abs(ours - theirs).max() <= 1, abs(ours - theirs).max()
        """, command.path("ours.png"), theirs,
      ])
    }
  }

  @Test func `shows no picture of a kernel that is wrong, unless told not to check`() throws {
    try withCommand { command in
      let shaders = Self.root.appending(path: "Shaders/convolution_direct.comp")
      let text = try String(contentsOf: shaders, encoding: .utf8)
      let wrong = text.replacing("++i < GROUP_BLOCKS", with: "++i < min(GROUP_BLOCKS, 2u)")
      try FileManager.default.createDirectory(
        at: command.folder.appending(path: "shaders"), withIntermediateDirectories: true)
      _ = try command.write("shaders/convolution_direct.comp", wrong)
      let input = try picture(command, width: 40, height: 30)
      for more in [[], ["--tile", "20"]] {
        let run =
          [
            "run", "--device", "llvmpipe", "--network", "espcn:colors=3,scale=2", "--input", input,
            "--tune", "off", "--seconds", "0.1", "--output", "large.png",
          ] + more
        command.environment["SRPROF_SHADERS"] = nil
        let right = try command.start(run).finish()
        #expect(right.status == 0, "\(right.errors)")
        #expect(right.output.contains("checked      3 layers on the way, 0 before"))
        try FileManager.default.removeItem(atPath: command.path("large.png"))

        command.environment["SRPROF_SHADERS"] = command.path("shaders")
        let refused = try command.start(run).finish()
        #expect(refused.status == 69)
        #expect(refused.output.isEmpty && refused.errorLines.count == 1, "\(refused.errors)")
        #expect(refused.errors.contains("wrongOutput: layer 2 of 3 of espcn"), "\(refused.errors)")
        #expect(refused.errors.contains("conv3x3 64->32") && refused.errors.contains(" by direct/"))
        #expect(!FileManager.default.fileExists(atPath: command.path("large.png")))

        let unchecked = try command.start(run + ["--no-check"]).finish()
        #expect(unchecked.status == 0, "\(unchecked.errors)")
        #expect(unchecked.output.contains("checked      nothing"))
        try FileManager.default.removeItem(atPath: command.path("large.png"))
      }
    }
  }

  @Test func `averages a plane of more pixels than a loop of lavapipe has turns`() throws {
    try withCommand { command in
      try python([
        "-c",
        """
        import numpy, onnx, sys
        from onnx import helper
        nodes = [helper.make_node("GlobalAveragePool", ["x"], ["p"]), helper.make_node("Mul", ["x", "p"], ["y"])]
        image = lambda name: helper.make_tensor_value_info(name, 1, [1, 1, 2304, 2304])
        graph = helper.make_graph(nodes, "g", [image("x")], [image("y")])
        onnx.save(
            helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), sys.argv[1])
        numpy.save(sys.argv[2], numpy.ones((1, 1, 2304, 2304), "f"))
        """, command.path("pool.onnx"), command.path("ones.npy"),
      ])
      let outcome = try command.run(
        "run", "--device", "llvmpipe", "--tune", "off", "--onnx", "pool.onnx", "--input",
        "ones.npy", "--output", "o.npy", "--seconds", "0.1")
      #expect(outcome.status == 0, "\(outcome.errors)")
      try python([
        "-c", "import numpy, sys; assert abs(numpy.load(sys.argv[1]) - 1).max() < 1e-5",
        command.path("o.npy"),
      ])
    }
  }

  @Test func `takes brightness from pictures, and from no tensor`() throws {
    try withCommand { command in
      try python([
        "-c", "import numpy, sys; numpy.save(sys.argv[1], numpy.zeros((3, 24, 24), 'f'))",
        command.path("rgb.npy"),
      ])
      let outcome = try command.run(
        "run", "--device", "llvmpipe", "--network", "espcn", "--input", "rgb.npy", "--tile", "12",
        "--output", "o.npy", "--tune", "off", "--seconds", "0.1")
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("takes 1 channels, and the picture has 3"))
      let shape = try command.run(
        "run", "--device", "llvmpipe", "--network", "wdsr-b:blocks=1", "--input", "1x1x24x24",
        "--tune", "off", "--seconds", "0.1")
      #expect(shape.status == 64 && shape.errors.contains("takes 3x24x24"))
      let size = try command.run(
        "run", "--device", "llvmpipe", "--network", "wdsr-b:blocks=1,output=64x48", "--input",
        "1x3x24x24", "--tune", "off", "--seconds", "0.1")
      #expect(size.status == 64 && size.errors.contains("output of 'wdsr-b:blocks=1,output=64x48'"))
      #expect(size.errors.contains("32x24, and what goes in has 24x24"), "\(size.errors)")
    }
  }

  /// The folder of the project.
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A PNG of noise.
  private func picture(_ command: Command, width: Int, height: Int) throws -> String {
    let path = command.path("small.png")
    try python([
      "-c",
      """
      import numpy, sys
      from PIL import Image
      numbers = numpy.random.default_rng(1).integers(0, 256, (\(height), \(width), 3), numpy.uint8)
      Image.fromarray(numbers).save(sys.argv[1])
      """, path,
    ])
    return path
  }

  /// Runs Python with what the tests' requirements name.
  private func python(_ arguments: [String]) throws {
    let root = Self.root
    let program = root.appending(path: ".build/python/bin/python")
    try #require(
      FileManager.default.isExecutableFile(atPath: program.path),
      "\(program.path) is missing: run `make test-deps`")
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = root
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(arguments: [
    (["run", "--network", "wdsr-c"], Int32(64), "did you mean"),
    (["run", "--network", "espcn:colour=3"], 64, "did you mean"),
    (["run"], 64, "no network"),
    (["run", "--network", "espcn", "--output", "x.png"], 64, "--input"),
    (["run", "--network", "espcn", "--input", "absent.png"], 74, "absent.png"),
    (["run", "--network", "espcn", "--seconds", "0"], 64, "--seconds"),
    (["run", "--network", "espcn", "--input", "x.png", "--output", "x.jpg"], 64, ".png or .npy"),
    (
      ["run", "--network", "rcan:groups=1,blocks=1,input=64x64", "--tile", "16"], 65,
      "whole picture"
    ),
    (["run", "--network", "espcn", "--table", "absent.json"], 74, "absent.json"),
    (["run", "--network", "espcn", "--network", "fsrcnn"], 64, "--network is given twice"),
    (["run", "--network", "espcn", "--any-device"], 64, "--table"),
    (["run", "--network", "espcn", "--threads", "2"], 64, "--threads needs --device cpu"),
    (["validate", "--table", "absent.json"], 74, "absent.json"),
    (["validate", "--table", "t", "--size", "tiny"], 64, "--size"),
    (["calibrate", "--table", "absent.json"], 74, "absent.json"),
  ])
  func `says in one line what is wrong`(
    arguments: [String], status: Int32, words: String
  ) throws {
    try withCommand { command in
      let device = arguments[0] == "validate" ? [] : ["--device", "llvmpipe"]
      let outcome = try command.start(arguments + device).finish()
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errorLines.last?.contains(words) == true, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `refuses a table of another device, unless told otherwise`() throws {
    try withCommand { command in
      let foreign = `Comparing and exporting tables`.table
      let network = [
        "--device", "llvmpipe", "--network", "espcn:input=16x16", "--tune", "off", "--seconds",
        "0.1",
      ]
      let refused = try command.start(["run", "--table", foreign] + network).finish()
      #expect(refused.status == 65)
      #expect(refused.errors.contains("--any-device"))
      let taken = try command.start(["run", "--any-device", "--table", foreign] + network).finish()
      #expect(taken.status == 0, "\(taken.errors)")
      #expect(taken.output.contains("predicted"))
    }
  }
}
