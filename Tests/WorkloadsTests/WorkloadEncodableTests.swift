import FoundationEssentials
import Testing
import Workloads

@Suite("A workload in JSON")
struct WorkloadEncodableTests {
  @Test("is a flat object without what does not apply")
  func text() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func json(_ operation: Operation) throws -> String {
      String(
        decoding: try encoder.encode(try Workload(operation, height: 9, width: 16)),
        as: UTF8.self)
    }
    #expect(
      try json(.convolution(Convolution(kernel: 3, inputs: 3, outputs: 8)))
        == #"{"elementType":"float32","height":9,"inputs":3,"kernel":3,"operator":"convolution","#
        + #""outputs":8,"width":16}"#)
    #expect(
      try json(
        .convolution(
          Convolution(
            kernel: 3, inputs: 8, outputs: 8, stride: 2, groups: 8,
            activation: .clip(minimum: 0, maximum: 6), residual: .beforeActivation)))
        == #"{"activation":"clip[0,6]","elementType":"float32","groups":8,"height":9,"inputs":8,"#
        + #""kernel":3,"operator":"convolution","outputs":8,"residual":"beforeActivation","#
        + #""stride":2,"width":16}"#)
    #expect(
      try json(.concat(first: 3, second: 5))
        == #"{"elementType":"float32","first":3,"height":9,"operator":"concat","second":5,"#
        + #""width":16}"#)
    #expect(
      try json(.resize(.bilinear, factor: 2, channels: 3))
        == #"{"channels":3,"elementType":"float32","factor":2,"height":9,"mode":"bilinear","#
        + #""operator":"resize","width":16}"#)
    #expect(
      try json(.convolution(Convolution(kernel: 3, inputs: 8, outputs: 4, passing: 12)))
        == #"{"elementType":"float32","height":9,"inputs":8,"kernel":3,"operator":"convolution","#
        + #""outputs":4,"passing":12,"width":16}"#)
  }

  @Test(
    "writes an activation as the word it is read from",
    arguments: [
      (Activation.none, "none"), (.relu, "relu"), (.prelu, "prelu"), (.sigmoid, "sigmoid"),
      (.tanh, "tanh"),
      (.clip(minimum: 0, maximum: 1), "clip[0,1]"),
      (.clip(minimum: -1, maximum: 0.25), "clip[-1,0.25]"),
    ])
  func activation(_ activation: Activation, _ word: String) {
    #expect("\(activation)" == word)
    #expect(Activation(word) == activation)
  }

  @Test(
    "knows no other activation",
    arguments: [
      "", "Relu", "clip[", "clip[]", "clip[0]", "clip[0,1,2]", "clip[,0,1]", "clip[a,b]",
      "clip[0,1",
    ])
  func noActivation(_ word: String) {
    #expect(Activation(word) == nil)
  }

  @Test("knows 'clip' as a clip to between zero and one")
  func clip() {
    #expect(Activation("clip") == .clip(minimum: 0, maximum: 1))
  }
}
