import FoundationEssentials
import Testing
import Workloads

@Suite("A workload in JSON")
struct WorkloadCodableTests {
  @Test("of every kind is read back as the same", arguments: everyKind)
  func roundTrip(_ workload: Workload) throws {
    let data = try JSONEncoder().encode(workload)
    #expect(try JSONDecoder().decode(Workload.self, from: data) == workload)
  }

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
  }

  @Test(
    "that is invalid is refused with the reason",
    arguments: [
      (
        #"{"operator":"add","channels":0,"height":1,"width":1,"elementType":"float32"}"#,
        "at least 1"
      ),
      (
        #"{"operator":"sub","channels":1,"height":1,"width":1,"elementType":"float32"}"#,
        "'sub' is not an operator"
      ),
      (#"{"operator":"add","height":1,"width":1,"elementType":"float32"}"#, "channels"),
      (
        #"{"operator":"add","channels":1.5,"height":1,"width":1,"elementType":"float32"}"#,
        "dataCorrupted"
      ),
      (
        #"{"operator":"add","channels":1,"height":1,"width":1,"elementType":"int4"}"#, "elementType"
      ),
      (#"{"operator":"add","channels":1,"height":1,"width":1}"#, "elementType"),
      (
        #"{"operator":"convolution","kernel":3,"inputs":1,"outputs":1,"activation":"tanh","height":1,"width":1,"elementType":"float32"}"#,
        "'tanh' is not an activation"
      ),
      (
        #"{"operator":"convolution","kernel":4,"inputs":1,"outputs":1,"height":1,"width":1,"elementType":"float32"}"#,
        "a kernel is odd"
      ),
    ])
  func invalid(_ json: String, _ reason: String) {
    do {
      _ = try JSONDecoder().decode(Workload.self, from: Data(json.utf8))
      Issue.record("was accepted")
    } catch {
      #expect(String(describing: error).contains(reason))
      #expect(error is DecodingError)
    }
  }

  @Test(
    "writes an activation as the word it is read from",
    arguments: [
      (Activation.none, "none"), (.relu, "relu"), (.prelu, "prelu"),
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
