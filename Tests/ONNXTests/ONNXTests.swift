import Foundation
import Networks
import SwiftProtobuf
import Testing
import Workloads

@testable import ONNX

/// What needs no other program: a graph written and read again, and models that are hard to read.
@Suite struct ONNXTests {
  @Test func whatIsWrittenIsReadAgainTheSame() throws {
    for graph in try Graph.ofEveryLayer() {
      let file = try ModelFile(graph.onnx(), name: graph.name)
      defer { file.remove() }
      let again = try Graph(onnx: file.path)
      #expect(again.name == graph.name)
      #expect(again[again.input] == graph[graph.input])
      // A layer that nothing needs is not read.
      let nodes = graph.nodes.filter { $0.name != "unused" }
      #expect(again.nodes.map(\.layer.contents) == nodes.map(\.layer.contents))
      #expect(again.nodes.map { again[$0.output] } == nodes.map { graph[$0.output] })
      #expect(again[again.output] == graph[graph.output])
    }
  }

  @Test func prunedWeightsAreWrittenAsZeros() throws {
    let layer = ConvolutionLayer(
      kernel: 3, inputs: 8, outputs: 8, weights: Parameters(repeating: 1, count: 576), bias: nil,
      pruning: Pruning(.unstructured, rate: 4))
    var graph = Graph(name: "pruned", input: MapShape(channels: 8, height: 4, width: 4))
    try graph.append(.convolution(layer), graph.input)
    let file = try ModelFile(graph.onnx())
    defer { file.remove() }
    guard case .convolution(let read) = try Graph(onnx: file.path).nodes[0].layer else {
      Issue.record("no convolution")
      return
    }
    #expect(read.weights.values.reduce(0, +) == 144)
  }

  @Test func aPruningThatALayerCannotTakeNamesIt() throws {
    let layer = ConvolutionLayer(
      kernel: 1, inputs: 8, outputs: 8, weights: Parameters(repeating: 1, count: 64), bias: nil,
      pruning: Pruning(.pattern(.default), rate: 1))
    var graph = Graph(name: "pruned", input: MapShape(channels: 8, height: 4, width: 4))
    try graph.append(.convolution(layer), graph.input, name: "head")
    let error = #expect(throws: InvalidGraph.self) { try graph.onnx() }
    #expect(error?.node == "head")
  }

  @Test func imageShapesAreParsed() throws {
    #expect(
      try MapShape(parsing: "1x3x180x320") == MapShape(channels: 3, height: 180, width: 320))
    #expect(try MapShape(parsing: "3x8x9") == MapShape(channels: 3, height: 8, width: 9))
    for text in ["", "3", "2x3x8x9", "1x3x0x9", "1x3x8x", "3x-1x4", "1x3x8x99999999999999999999"] {
      #expect(throws: InvalidGraph.self) { try MapShape(parsing: text) }
    }
  }

  @Test func openSizesAreSetByTheUser() throws {
    var model = Onnx_ModelProto.sample()
    model.graph.input[0].type.tensorType.shape.dim[2] = .with { $0.dimParam = "height" }
    model.graph.input[0].type.tensorType.shape.dim[3] = .init()
    #expect(
      refusal(model)
        == "the size of its input 'x' is open: say it with --input 1x3x180x320 (1x3xHxW)")
    let file = try ModelFile(model.serializedBytes())
    defer { file.remove() }
    let shape = MapShape(channels: 3, height: 6, width: 7)
    #expect(try Graph(onnx: file.path, input: shape).shapes[1].width == 7)
    let other = MapShape(channels: 4, height: 6, width: 7)
    let error = #expect(throws: ONNXError.self) { try Graph(onnx: file.path, input: other) }
    #expect(error?.kind == .inputSize)
    #expect(error?.description.hasSuffix("its input 'x' is 3xanyxany, not 4x6x7") == true)
  }

  @Test func nodesInAnyOrderAreSorted() throws {
    var model = Onnx_ModelProto.sample()
    model.graph.node.reverse()
    let file = try ModelFile(model.serializedBytes())
    defer { file.remove() }
    #expect(try Graph(onnx: file.path).nodes.map(\.name) == ["conv", "relu"])
  }

  @Test func whatIsNotReadIsNamed() throws {
    #expect(
      refusal { $0.graph.node[1].opType = "Erf" }
        == "node 'relu': the operator Erf is not one of those that are read")
    #expect(
      refusal { $0.graph.node[1].domain = "com.microsoft" }
        == "node 'relu': the operator com.microsoft.Relu is not one of those that are read")
    #expect(
      refusal { $0.graph.node[1].opType = "If" }
        == "node 'relu': the operator If is not one of those that are read")
    #expect(
      refusal { $0.graph.node[0].input[0] = "y" }
        == "node 'conv' needs its own result (a cycle)")
    #expect(
      refusal { $0.graph.node[0].input[1] = "nothing" }
        == "node 'conv': 'nothing' comes from nowhere")
    #expect(
      refusal { $0.graph.node[0].input = [] } == "node 'conv': Conv lacks its input 0")
    #expect(
      refusal { $0.graph.output[0].name = "nothing" }
        == "its output: 'nothing' comes from nowhere")
    #expect(
      refusal { $0.opsetImport[0].version = 8 }
        == "it uses operators of opset 8; 9 to 21 are read")
    #expect(
      refusal { $0.graph.input.append(.with { $0.name = "z" }) }
        == "it has 2 inputs ('x', 'z'); models with one image in are read")
    #expect(
      refusal { $0.graph.output.append(.with { $0.name = "z" }) }
        == "it has 2 outputs ('y', 'z'); models with one image out are read")
    #expect(
      refusal { $0.graph.input[0].type.tensorType.shape.dim[0].dimValue = 2 }
        == "its input 'x' is a batch of 2 images, not of 1")
    #expect(refusal { $0.clearGraph() } == "it is no ONNX model: there is no graph in it")
  }

  @Test func shapesThatDoNotFitAreRefused() throws {
    #expect(
      refusal { $0.graph.input[0].type.tensorType.shape.dim[1].dimValue = 4 }
        == "node 'conv': takes 3 channels, not the 4 it gets")
    #expect(
      refusal { $0.graph.node[0].attribute[0].ints = [0, 0, 0, 0] }?
        .hasSuffix("makes 3 of 5 rows or columns; only same padding is read") == true)
    #expect(
      refusal { $0.graph.initializer[0].dims = [4, 3, 3, 4] }
        == "node 'conv': the constant 'w' claims to be [4, 3, 3, 4], but only 108 numbers are there"
    )
    #expect(
      refusal { $0.graph.initializer[0].dims = [50_000, 50_000, 1, 1] }?
        .hasSuffix("but only 108 numbers are there") == true)
    #expect(
      refusal { $0.graph.initializer[0].dims = [.max, .max, .max, .max] }?
        .hasSuffix("but only 108 numbers are there") == true)
    #expect(
      refusal { $0.graph.initializer[0].dims = [0, .max, .max, 1] }?
        .hasSuffix("has 432 bytes where 0 are needed") == true)
  }

  @Test func interpolationThatIsAnotherIsNamed() throws {
    func resize(_ attributes: [String: String], _ factor: Float) -> String? {
      refusal { model in
        model.graph.node[1].opType = "Resize"
        model.graph.node[1].input = ["v", "", "factors"]
        model.graph.node[1].attribute = attributes.map { key, value in
          .with {
            $0.name = key
            $0.s = Data(value.utf8)
          }
        }
        model.graph.initializer.append(
          .with {
            $0.name = "factors"
            $0.dataType = 1
            $0.dims = [4]
            $0.floatData = [1, 1, factor, factor]
          })
      }
    }
    #expect(resize(["mode": "linear"], 2) == nil)
    #expect(resize(["mode": "nearest"], 3) == nil)
    #expect(
      resize(["mode": "cubic"], 2)
        == "node 'relu': interpolation of mode 'cubic' is not read, only nearest and linear")
    #expect(
      resize(["mode": "linear", "coordinate_transformation_mode": "align_corners"], 2)?
        .contains("'align_corners'") == true)
    #expect(
      resize(["coordinate_transformation_mode": "asymmetric", "nearest_mode": "ceil"], 2)?
        .contains("'asymmetric' and 'ceil'") == true)
    #expect(resize(["mode": "linear"], 1.5)?.contains("1.5") == true)
    #expect(resize(["mode": "linear"], 1e9)?.contains("too large") == true)
  }

  @Test func weightsOutsideTheFolderAreRefused() throws {
    let file = try ModelFile([])
    defer { file.remove() }
    let bytes = [UInt8](repeating: 0, count: 108 * 4)
    try Data(bytes).write(to: file.folder.appending(path: "weights"))
    try FileManager.default.createSymbolicLink(
      at: file.folder.appending(path: "link"), withDestinationURL: URL(filePath: "/etc/passwd"))
    func read(_ entries: [String: String]) throws -> String? {
      var model = Onnx_ModelProto.sample()
      model.graph.initializer[0].clearRawData()
      model.graph.initializer[0].dataLocation = .external
      model.graph.initializer[0].externalData = entries.map { key, value in
        .with {
          $0.key = key
          $0.value = value
        }
      }
      try Data(model.serializedBytes() as [UInt8]).write(to: URL(filePath: file.path))
      do throws(ONNXError) {
        _ = try Graph(onnx: file.path)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(try read(["location": "weights"]) == nil)
    #expect(try read(["location": "./weights", "offset": "0", "length": "432"]) == nil)
    for (name, words) in [
      ("/etc/passwd", "outside the model's folder"), ("../x", "outside the model's folder"),
      ("a/../../x", "outside the model's folder"), ("link", "a link out of the model's folder"),
      ("missing", "which is not there"), ("", "not in which"),
    ] {
      #expect(try read(["location": name])?.contains(words) == true, "\(name)")
    }
    for (offset, length) in [
      ("4", "432"), ("-1", "432"), ("9223372036854775807", "9223372036854775807"), ("0", "x"),
      ("0", "431"), ("432", "0"),
    ] {
      #expect(try read(["location": "weights", "offset": offset, "length": length]) != nil)
    }
  }

  @Test func weightsOutsideTheFileAreNoLargerThanMemory() throws {
    let file = try ModelFile([])
    defer { file.remove() }
    var model = Onnx_ModelProto.sample()
    model.graph.initializer[0].clearRawData()
    model.graph.initializer[0].dims = [50_000, 50_000, 1, 1]
    model.graph.initializer[0].dataLocation = .external
    model.graph.initializer[0].externalData = [
      .with {
        $0.key = "location"
        $0.value = "weights"
      }
    ]
    try Data(model.serializedBytes() as [UInt8]).write(to: URL(filePath: file.path))
    // A file with nothing in it but its size.
    let weights = file.folder.appending(path: "weights")
    _ = FileManager.default.createFile(atPath: weights.path, contents: nil)
    let handle = try FileHandle(forWritingTo: weights)
    try handle.truncate(atOffset: 10_000_000_000)
    let error = #expect(throws: ONNXError.self) { try Graph(onnx: file.path) }
    #expect(error?.description.contains("512 MiB are read") == true, "\(error as Any)")
  }

  @Test func moreWorkThanCanBeCountedIsRefused() throws {
    let file = try ModelFile([])
    defer { file.remove() }
    var model = Onnx_ModelProto.sample()
    let node = model.graph.node[0]
    // The first convolution again and again, its channels as they come in.
    model.graph.initializer[0].dims = [3, 3, 31, 31]
    model.graph.initializer[0].rawData = Data(count: 9 * 31 * 31 * 4)
    model.graph.initializer.removeAll { node.input.dropFirst(2).contains($0.name) }
    model.graph.node = (0..<400).map { index in
      .with {
        $0.opType = "Conv"
        $0.name = "conv\(index)"
        $0.input = [index == 0 ? node.input[0] : "map\(index - 1)", node.input[1]]
        $0.output = [index == 399 ? model.graph.output[0].name : "map\(index)"]
        $0.attribute = [
          .with {
            $0.name = "auto_pad"
            $0.type = .string
            $0.s = Data("SAME_UPPER".utf8)
          }
        ]
      }
    }
    model.graph.input[0].type.tensorType.shape.dim[2].dimValue = 1 << 20
    model.graph.input[0].type.tensorType.shape.dim[3].dimValue = 1 << 20
    try Data(model.serializedBytes() as [UInt8]).write(to: URL(filePath: file.path))
    let error = #expect(throws: ONNXError.self) { try Graph(onnx: file.path) }
    #expect(error?.description.contains("can be counted") == true, "\(error as Any)")
  }

  @Test func filesThatAreNoModelsAreRefused() throws {
    for bytes in [[], Array("hello, world".utf8), [0xFF, 0xFF, 0xFF], [0x3A, 0xFF, 0xFF, 0x0F]] {
      let file = try ModelFile(bytes)
      defer { file.remove() }
      let error = #expect(throws: ONNXError.self) { try Graph(onnx: file.path) }
      #expect(error?.description.hasPrefix("\(file.path): it is no ONNX model") == true)
    }
    for path in ["/nowhere/model.onnx", "/tmp", "/dev/zero"] {
      let error = #expect(throws: ONNXError.self) { try Graph(onnx: path) }
      #expect(error?.kind == .unreadable)
    }
  }

  /// Bytes changed and files cut at seeded places: each is a graph or an error, never a crash.
  @Test func brokenFilesAreGraphsOrErrors() throws {
    var read = 0
    var refused = 0
    for graph in try Graph.ofEveryLayer() {
      let bytes = try graph.onnx()
      // Weights are most of a file, and whatever they are is right: more goes to the rest.
      var random = random(1200, seed: UInt64(bytes.count)).map { Int(abs($0) * 1_000_000) }[...]
      for round in 0..<60 {
        var broken = bytes
        for _ in 0...round % 3 {
          let place = random.removeFirst() % broken.count
          broken[place] = UInt8(truncatingIfNeeded: random.removeFirst())
        }
        if round % 10 == 9 { broken.removeLast(random.removeFirst() % broken.count) }
        let file = try ModelFile(broken)
        defer { file.remove() }
        do throws(ONNXError) {
          _ = try Graph(onnx: file.path)
          read += 1
        } catch {
          #expect(!error.description.contains("\n"))
          refused += 1
        }
      }
    }
    #expect(read > 0)
    #expect(refused > 0)
  }
}

/// Why a changed sample is not read; `nil` if it is.
private func refusal(_ change: (inout Onnx_ModelProto) -> Void) -> String? {
  var model = Onnx_ModelProto.sample()
  change(&model)
  return refusal(model)
}

/// Why a model is not read, without the file's name; `nil` if it is read.
private func refusal(_ model: Onnx_ModelProto) -> String? {
  do {
    let file = try ModelFile(model.serializedBytes())
    defer { file.remove() }
    do throws(ONNXError) {
      _ = try Graph(onnx: file.path)
      return nil
    } catch {
      return String(error.description.dropFirst("\(file.path): ".count))
    }
  } catch {
    return "\(error)"
  }
}

/// A model in a folder of its own.
private struct ModelFile {
  let folder: URL
  let path: String

  init(_ bytes: [UInt8], name: String = "model") throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)")
    path = folder.appending(path: "\(name).onnx").path
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}

extension Onnx_ModelProto {
  /// A 3x3 convolution and a ReLU on an image of 3x5x6.
  fileprivate static func sample() -> Onnx_ModelProto {
    .with {
      $0.irVersion = 7
      $0.opsetImport = [.with { $0.version = 13 }]
      $0.graph.input = [
        .with {
          $0.name = "x"
          $0.type.tensorType.elemType = 1
          $0.type.tensorType.shape.dim = [1, 3, 5, 6].map { size in .with { $0.dimValue = size } }
        }
      ]
      $0.graph.output = [.with { $0.name = "y" }]
      $0.graph.initializer = [
        .with {
          $0.name = "w"
          $0.dims = [4, 3, 3, 3]
          $0.dataType = 1
          $0.rawData = Data(count: 108 * 4)
        }
      ]
      $0.graph.node = [
        .with {
          $0.name = "conv"
          $0.opType = "Conv"
          $0.input = ["x", "w"]
          $0.output = ["v"]
          $0.attribute = [
            .with {
              $0.name = "pads"
              $0.ints = [1, 1, 1, 1]
            }
          ]
        },
        .with {
          $0.name = "relu"
          $0.opType = "Relu"
          $0.input = ["v"]
          $0.output = ["y"]
        },
      ]
    }
  }
}

extension Layer {
  /// All that a layer says, to compare.
  fileprivate var contents: String {
    switch self {
    case .convolution(let it):
      "\(word) \(it.inputs) \(it.outputs) \(it.stride) \(it.groups) \(it.keptWeights.values) "
        + "\(it.bias?.values ?? [])"
    case .transposedConvolution(let it):
      "\(word) \(it.inputs) \(it.outputs) \(it.stride) \(it.padding) \(it.weights.values) "
        + "\(it.bias?.values ?? [])"
    case .affine(let scale, let shift): "\(word) \(scale.values) \(shift.values)"
    case .activation(.prelu(let slopes)): "\(word) \(slopes.values)"
    case .activation(let it): "\(word) \(it)"
    default: "\(self)"
    }
  }
}
