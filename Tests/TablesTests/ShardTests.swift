import TableExamples
import Tables
import Testing
import Workloads

@Suite("A shard")
struct ShardTests {
  /// Convolutions and sums of many sizes.
  private static let workloads: [Workload] = (1...23).flatMap { channels in
    [
      Operation.convolution(Convolution(kernel: 3, inputs: 8, outputs: channels)),
      .add(channels: channels), .copy(channels: channels),
    ].compactMap { try? Workload($0, height: 24, width: 40) }
  }

  @Test(
    "is read from i/n with i from 1 to n, and from nothing else",
    arguments: [
      ("1/1", "1/1"), ("3/16", "3/16"), ("16/16", "16/16"), ("0/3", nil), ("4/3", nil),
      ("1/0", nil),
      ("x", nil), ("3", nil), ("", nil), ("/", nil), ("1/", nil), ("/2", nil), ("-1/3", nil),
      ("+1/3", nil), ("1/3/4", nil), (" 1/3", nil), ("1/99999999999999999999", nil),
      ("\u{663}/4", nil),
    ])
  func parsing(text: String, shard: String?) {
    #expect(Shard(parsing: text)?.description == shard)
  }

  @Test(
    "has each workload together with the others exactly once", arguments: [1, 2, 3, 5, 16, 68, 69])
  func partition(count: Int) throws {
    let parts = try Self.parts(of: Self.workloads, count)
    #expect(parts.flatMap(\.self).sorted() == Self.workloads.sorted())
    let sizes = parts.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1 && !sizes.contains(0))
  }

  @Test("has the same workloads in whatever order they come, and leaves them in that order")
  func order() throws {
    let reversed = Array(Self.workloads.reversed())
    let parts = zip(try Self.parts(of: Self.workloads, 5), try Self.parts(of: reversed, 5))
    for (part, other) in parts { #expect(part == other.reversed()) }
  }

  @Test("has its share of each operator, and of the work")
  func balance() throws {
    let parts = try Self.parts(of: Self.workloads, 4)
    for family in ["conv3x3", "add", "copy"] {
      for part in parts { #expect(5...7 ~= part.count { $0.words[0] == family }) }
    }
    let work = parts.map { $0.reduce(0) { $0 + $1.macs } }
    #expect(Double(work.max() ?? 0) < 1.25 * Double(work.min() ?? 0), "\(work)")
    #expect(Shard(index: 5, of: 1 << 40)?.part(of: Array(Self.workloads.prefix(4))) == [])
    #expect(Shard(index: 1, of: 2)?.part(of: []) == [])
  }

  @Test("that cannot be is refused where a table says it", arguments: ["0", "4", "-1", "\"x\""])
  func damaged(index: String) throws {
    var table = exampleTable
    table.shard = Shard(index: 2, of: 3)
    let text = String(decoding: try table.json(), as: UTF8.self)
    #expect(try LatencyTable(json: Array(text.utf8)) == table)
    let damaged = text.replacing("\"index\" : 2", with: "\"index\" : \(index)")
    #expect(throws: TableError.self) { try LatencyTable(json: Array(damaged.utf8)) }
  }

  @Test("is of a sweep that is known by its workloads, in whatever order")
  func sweep() {
    #expect(Sweep(Self.workloads) == Sweep(Self.workloads.reversed()))
    #expect(Sweep(Self.workloads).rows == 69)
    #expect(Sweep(Self.workloads) != Sweep(Self.workloads.dropLast()))
  }

  private static func parts(of workloads: [Workload], _ count: Int) throws -> [[Workload]] {
    try (1...count).map { try #require(Shard(index: $0, of: count)).part(of: workloads) }
  }
}
