import FoundationEssentials
import Resources
import TableExamples
import Tables
import Testing
import Workloads

@Suite struct `The races that the program carries` {
  @Test func `are those of readable tables in Reports, as they are there`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let carried = EmbeddedFiles.texts(in: "Reports/")
    #expect(carried.count >= 4)
    for (name, text) in carried {
      #expect(try String(contentsOfFile: root.path + "/Reports/" + name, encoding: .utf8) == text)
      let table = try LatencyTable(json: Array(text.utf8))
      #expect(!table.races.isEmpty, "\(name)")
      #expect(!LatencyTable.shippedRaces(akinTo: table.device).isEmpty)
    }
  }

  @Test func `are for devices of the same maker and driver alone, one race a workload`() throws {
    let text = try #require(EmbeddedFiles.texts(in: "Reports/")["lavapipe-quick.json"])
    var device = try LatencyTable(json: Array(text.utf8)).device
    let races = LatencyTable.shippedRaces(akinTo: device)
    #expect(Set(races.map(\.workload)).count == races.count)
    // A newer driver of the same kind, on another processor.
    device.driver.version += 1
    device.host.processor = "another"
    #expect(LatencyTable.shippedRaces(akinTo: device).count == races.count)
    device.driver.id += 100
    #expect(LatencyTable.shippedRaces(akinTo: device).isEmpty)
  }
}
