import Files
import Foundation
import Images
import NetworkEvaluation
import Networks
import Search
import Testing
import Workloads

@Suite("The evaluator")
struct EvaluatorTests {
  private static let cells = """
    [{"block": "wdsr-a", "middle": [20], "layers": [
       {"scheme": "pattern", "rate": 2}, {"scheme": "block-punched", "rate": 3}]},
     {"block": "wdsr-b", "layers": [
       {"scheme": "filter", "rate": 2}, {"scheme": "unstructured", "rate": 2},
       {"scheme": "pattern", "rate": 1}]}]
    """
  private static let candidate =
    "{\"scale\": 2, \"channels\": 8, \"input\": \"12x10\", \"cells\": \(cells)}"

  /// Trains everything that there is a message for, some steps each.
  @Test(
    "trains candidates that srprof executes to the same picture",
    .enabled(if: Evaluator.hasTorch, "python3 has no torch: apt-get install python3-torch"))
  func training() throws {
    try withEvaluator { evaluator in
      try evaluator.writePictures("train", 3)
      try evaluator.writePictures("valid", 2, side: 24)
      let supernet = evaluator.path("supernet")
      let answers = try evaluator.answers([
        evaluator.request(
          "prepare", "supernet", seed: 7, checkpoint: "supernet", #""steps": 3"#),
        evaluator.request(
          "evaluate", "1", checkpoint: "one", candidate: Self.candidate,
          #""fidelity": 6, "supernet": "\#(supernet)/weights.safetensors", "weights": null"#),
        evaluator.request(
          "evaluate", "2", checkpoint: "two", candidate: Self.candidate,
          #""fidelity": 6, "supernet": null, "weights": null"#),
        evaluator.request(
          "reweight", "r", checkpoint: "reweighted", candidate: Self.candidate,
          #""steps": 4, "lambda": 1e-5, "weights": null"#),
        evaluator.request(
          "evaluate", "s", checkpoint: "split",
          candidate:
            """
            {"family": "splitsr", "scale": 2, "groups": 2, "blocks": 2, "channels": 8, "hybrid": 1, \
            "location": "both"}
            """,
          #""fidelity": 2, "supernet": null, "weights": null"#),
      ])
      #expect(
        answers.map { $0["type"] as? String } == ["ready"]
          + answers.dropFirst().map { _ in "result" })
      #expect(answers.count == 6, "\(answers)")
      let quality = answers.dropFirst(2).map { $0["quality"] as? [String: Double] }
      #expect(quality.allSatisfy { (5...60).contains($0?["psnrY"] ?? 0) })

      let graph = try Candidate(json: Array(Self.candidate.utf8)).graph()
      for name in ["one", "two"] {
        let file = try tensors(evaluator, "\(name)/weights.safetensors")
        let trained = try graph.replacingWeights(by: file)
        #expect(trained.keptMacs == graph.keptMacs)
        try compare(trained, with: evaluator, "\(name)/weights.safetensors", Self.candidate)
      }
      let split =
        #"{"family": "splitsr", "groups": 2, "blocks": 2, "channels": 8, "hybrid": 1, "location": "both"}"#
      let description =
        "splitsr:scale=2,groups=2,blocks=2,channels=8,hybrid=1,location=both,input=12x10"
      try compare(
        NetworkDescription(parsing: description).graph().replacingWeights(
          by: tensors(evaluator, "split/weights.safetensors")),
        with: evaluator, "split/weights.safetensors", split)

      let norms = try tensors(evaluator, "reweighted/norms.safetensors").entries.mapValues(\.shape)
      #expect(
        norms == [
          "cell0.conv0": [20, 8], "cell0.conv1": [1, 5, 9], "cell1.conv0": [48],
          "cell1.conv1": [6, 48, 1, 1], "cell1.conv2": [8, 6],
        ])
      try retrain(evaluator)
    }
  }

  /// Every block, out of a supernet of all and without one; filters before a depthwise convolution go.
  @Test(
    "trains lightweight blocks that srprof executes to the same picture",
    .enabled(if: Evaluator.hasTorch, "python3 has no torch: apt-get install python3-torch"))
  func lightweightBlocks() throws {
    try withEvaluator { evaluator in
      try evaluator.writePictures("train", 3)
      try evaluator.writePictures("valid", 1, side: 24)
      let blocks = Candidate.Block.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      let cells = """
        [{"block": "inverted-residual", "layers": [
            {"scheme": "filter", "rate": 2}, {"scheme": "unstructured", "rate": 2}]},
         {"block": "ghost", "layers": [
            {"scheme": "block-punched", "rate": 2}, {"scheme": "none"}]},
         {"block": "shuffle", "layers": [{"scheme": "filter", "rate": 2}, {"scheme": "none"}]},
         {"block": "idle"}, {"block": "splitsr", "layers": [{"scheme": "pattern"}]}]
        """
      let candidate =
        "{\"scale\": 2, \"channels\": 8, \"input\": \"12x10\", \"cells\": \(cells)}"
      let supernet = evaluator.path("supernet")
      let answers = try evaluator.answers(
        [
          evaluator.request(
            "prepare", "supernet", seed: 7, checkpoint: "supernet", #""steps": 20"#),
          evaluator.request(
            "evaluate", "1", checkpoint: "one", candidate: candidate,
            #""fidelity": 6, "supernet": "\#(supernet)/weights.safetensors", "weights": null"#),
          evaluator.request(
            "evaluate", "2", checkpoint: "two", candidate: candidate,
            #""fidelity": 6, "supernet": null, "weights": null"#),
          evaluator.request(
            "reweight", "r", checkpoint: "reweighted", candidate: candidate,
            #""steps": 4, "lambda": 1e-5, "weights": null"#),
        ], space: "{\"family\": \"wdsr\", \"channels\": 8, \"cells\": 5, \"blocks\": [\(blocks)]}")
      #expect(
        answers.map { $0["type"] as? String } == ["ready", "result", "result", "result", "result"],
        "\(answers)")
      let graph = try Candidate(json: Array(candidate.utf8)).graph()
      for name in ["one", "two"] {
        let file = try tensors(evaluator, "\(name)/weights.safetensors")
        try compare(
          graph.replacingWeights(by: file), with: evaluator, "\(name)/weights.safetensors",
          candidate)
      }
      // The dense candidate's weights can be pruned by srprof, depthwise convolutions too.
      let dense = try tensors(evaluator, "reweighted/weights.safetensors")
      let pruned = try PrunableNetwork(Candidate(json: Array(candidate.utf8)), weights: dense)
        .pruned(by: .rate(3))
      let left = try pruned.candidate.graph().replacingWeights(by: pruned.weights)
      try evaluator.write("pruned.safetensors", pruned.weights.contents)
      try compare(left, with: evaluator, "pruned.safetensors", pruned.candidate.json)
    }
  }

  /// Fixed masks are kept, and the filters that they take wholly are zeros, biases too.
  private func retrain(_ evaluator: Evaluator) throws {
    let weights = try tensors(evaluator, "reweighted/weights.safetensors")
    var masks: [String: Safetensors.Values] = [:]
    for node in ["cell0.conv1", "cell1.conv0"] {
      let name = "\(node).weight"
      let entry = try #require(weights.entries[name])
      let perFilter = entry.count / entry.shape[0]
      let bytes = (0..<entry.count).map { UInt8($0 / perFilter % 2) }
      masks[name] = Safetensors.Values(shape: entry.shape, bytes: bytes)
    }
    try evaluator.write("masks.safetensors", Safetensors(masks).contents)
    let answers = try evaluator.answers([
      evaluator.request(
        "retrain", "m", seed: 6, checkpoint: "masked", candidate: Self.candidate,
        """
        "steps": 3, "masks": "\(evaluator.path("masks.safetensors"))", \
        "weights": "\(evaluator.path("reweighted/weights.safetensors"))"
        """)
    ])
    #expect(answers.last?["type"] as? String == "result", "\(answers)")
    let result = try tensors(evaluator, "masked/weights.safetensors")
    for node in ["cell0.conv1", "cell1.conv0"] {
      let values = try #require(result["\(node).weight"])
      let perFilter = try values.count / #require(result["\(node).bias"]).count
      #expect(values.enumerated().allSatisfy { ($1 != 0) == ($0 / perFilter % 2 == 1) })
    }
    let bias = try #require(result["cell1.conv0.bias"])
    #expect(bias.enumerated().allSatisfy { ($1 != 0) == ($0 % 2 == 1) })
  }

  private func tensors(_ evaluator: Evaluator, _ name: String) throws -> Safetensors {
    try Safetensors(FileContents.read(evaluator.path(name)))
  }

  /// A graph's picture, beside the one that PyTorch makes by the same file.
  private func compare(
    _ graph: Graph, with evaluator: Evaluator, _ file: String, _ candidate: String
  ) throws {
    let shape = graph[graph.input]
    let image = Tensor(shape, (0..<shape.count).map { Float($0 * 37 % 101) / 101 })
    try image.write(evaluator.path("picture.npy"))
    try evaluator.write("candidate.json", candidate.utf8)
    let outcome = try evaluator.python([
      "-c",
      """
      import json, sys, numpy, torch, evaluator as e
      candidate = json.load(open("candidate.json"))
      tensors, _ = e.read_tensors(sys.argv[1])
      if candidate.get("family") == "splitsr":
          network = e.SplitSR(2, candidate)
      else:
          network = e.WDSR(2, 8, e.cells_left(e.read_cells(candidate, 8), tensors))
      network.load(tensors, sys.argv[1])
      with torch.no_grad():
          numpy.save("theirs.npy", network(torch.from_numpy(numpy.load("picture.npy"))).numpy())
      """, file,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let theirs = try Tensor.read(evaluator.path("theirs.npy")).tensor
    let ours = Tensor(graph[graph.output], try #require(graph.evaluated(image.values).last))
    let difference = zip(ours.values, theirs.values).map { abs($0 - $1) }.max() ?? .infinity
    #expect(ours.shape == theirs.shape)
    #expect(difference < 1e-4)
  }

  @Test(
    "says in one line why it fails, and goes on",
    .enabled(if: Evaluator.hasTorch, "python3 has no torch: apt-get install python3-torch"))
  func failures() throws {
    try withEvaluator { evaluator in
      try evaluator.writePictures("train", 1)
      try evaluator.writePictures("valid", 1)
      func evaluate(_ id: String, _ candidate: String, _ more: String = "") -> String {
        #"{"type": "evaluate", "id": "\#(id)", "attempt": 1, "seed": 3, "fidelity": 1000000, "candidate": \#(candidate), "checkpoint": "\#(evaluator.path(id))", "supernet": null, "weights": null\#(more)}"#
      }
      let answers = try evaluator.answers([
        evaluate("a", #"{"scale": 2, "channels": 8, "cells": [{"block": "wdsr-c"}]}"#),
        evaluate("b", #"{"scale": 3, "channels": 8, "cells": [{"block": "wdsr-a"}]}"#),
        evaluate(
          "c",
          #"{"scale": 2, "channels": 8, "cells": [{"block": "wdsr-b", "layers": [{"scheme": "pattern"}, {"scheme": "none"}, {"scheme": "none"}]}]}"#
        ),
        "no JSON", evaluate("d", Self.candidate, #", "deadlineSeconds": 0.5"#),
        evaluate("e", Self.candidate), #"{"type": "cancel", "id": "e"}"#,
        #"{"type": "dance", "id": "f"}"#,
      ])
      #expect(
        answers.map { $0["type"] as? String } == ["ready"]
          + answers.dropFirst().map { _ in "failed" })
      #expect(answers.dropFirst().map { $0["id"] as? String } == ["a", "b", "c", "d", "e", "f"])
      #expect(
        answers.dropFirst().map { $0["kind"] as? String }
          == ["invalid", "invalid", "invalid", "other", "other", "invalid"])
      let sentences = answers.dropFirst().map { $0["message"] as? String ?? "" }
      #expect(
        sentences.first?.hasPrefix("cells[0].block: is wdsr-a, wdsr-b, inverted-residual,") == true)
      #expect(sentences.allSatisfy { !$0.contains("\n") && !$0.contains("Traceback") })

      let wild = try evaluator.answers(
        [evaluate("w", Self.candidate)], ["--learning-rate", "1e30"])
      #expect(wild.last?["kind"] as? String == "diverged", "\(wild)")

      for (folder, sentence) in [
        ("none", "none: No such file or directory"),
        ("empty", "empty: has no PNG, BMP or JPEG image to train with"),
        ("broken", "0.png: is no image that can be read"),
        ("small", "every image is smaller than a patch of 12 when made 2 times smaller"),
      ] {
        try evaluator.write("empty/README", [])
        try evaluator.write("broken/0.png", [1, 2, 3])
        try evaluator.writePictures("small", 1, side: 20)
        let answers = try evaluator.answers([], images: folder)
        #expect(answers.count == 1)
        #expect(answers.last?["type"] as? String == "failed")
        #expect((answers.last?["message"] as? String)?.contains(sentence) == true, "\(answers)")
      }
    }
  }
}
