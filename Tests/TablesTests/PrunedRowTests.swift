import TableExamples
import Tables
import Testing
import Workloads

@Suite("A pruned row")
struct PrunedRowTests {
  private static let dense = Convolution(kernel: 3, inputs: 19, outputs: 25, activation: .relu)

  private static func workloads() throws -> [Workload] {
    let library = try PatternLibrary(["010111010", "111010001"])
    let mask = WeightMask(outputs: 25, inputs: 19, kernel: 3) { ($0 * 3 + $1 + $2) % 5 == 0 }
    let all = [
      try dense.pruned(.pattern(.default), rate: 3.6), try dense.pruned(.pattern(library), rate: 1),
      try dense.pruned(.blockPunched, rate: 4, seed: .max),
      try dense.pruned(.blockPunched(filters: 5, channels: 3), rate: 4),
      try dense.pruned(.unstructured, rate: 10), try dense.pruned(by: mask),
    ]
    return try all.flatMap { it in
      try ElementType.allCases.map {
        try Workload(.convolution(it), height: 90, width: 160, elementType: $0)
      }
    }
  }

  private static func json(_ workload: Workload) throws -> String {
    var table = exampleTable
    table.rows = [Row(workload: workload, result: exampleFailure)]
    return String(decoding: try table.json(), as: UTF8.self)
  }

  @Test("is read as it is written")
  func roundTrip() throws {
    for workload in try Self.workloads() {
      let read = try LatencyTable(json: Array(try Self.json(workload).utf8))
      let row = try #require(read.rows.first)
      #expect(row.workload == workload)
      #expect(row.workload.name == workload.name)
      guard case .convolution(let it) = workload.operation, case .seed = it.sparsity?.source else {
        // Of a given mask only the digest is in the file.
        #expect(row.workload.mask == nil)
        continue
      }
      #expect(row.workload.mask == workload.mask)
      #expect(row.workload.mask != nil)
    }
  }

  @Test(
    "that is wrong is refused with the path of what is wrong",
    arguments: [
      ("\"scheme\":\"pattern\"", "\"scheme\":\"patern\"", "sparsity.scheme"),
      ("\"scheme\":\"pattern\",", "", "sparsity.scheme"),
      ("\"kept\":528", "\"kept\":529", "cannot keep exactly 529 of 4275 weights; 528 would do"),
      ("\"kept\":528,", "", "sparsity.kept"),
      ("\"total\":4275", "\"total\":4000", "has 4275 weights, not 4000"),
      ("\"seed\":1", "\"seed\":-1", "sparsity.seed"),
      ("\"seed\":1", "\"seed\":4294967296", "sparsity.seed"),
      ("\"seed\":1", "\"mask\":\"12\"", "sparsity.mask"),
      ("[\"000100111\"", "[\"000100112\"", "sparsity.patterns"),
      ("[\"000100111\"", "[\"000001111\"", "000001111 is in the library twice"),
      ("[\"000100111\"", "[3", "sparsity.patterns[0]"),
      ("\"patterns\":[", "\"pattern\":[", "sparsity.patterns"),
      ("\"seed\":1,\"total\":4275}", "\"seed\":1,\"total\":4275", "','"),
    ])
  func wrong(_ text: String, _ replacement: String, _ sentence: String) throws {
    let workload = try #require(try Self.workloads().first)
    let json = try Self.json(workload)
    let range = try #require(json.firstRange(of: text))
    let changed = json[..<range.lowerBound] + replacement + json[range.upperBound...]
    do throws(TableError) {
      _ = try LatencyTable(json: Array(changed.utf8))
      Issue.record("\(replacement) was accepted")
    } catch {
      #expect("\(error)".contains(sentence), "\(error)")
    }
  }
}
