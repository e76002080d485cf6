import TableExamples
import Tables
import Testing

@Suite struct FingerprintTests {
  private static let compiler = exampleTable.compiler

  private func fingerprint(_ change: (inout DeviceDescription) -> Void) -> Fingerprint {
    var device = exampleDevice
    change(&device)
    return Fingerprint(device, Self.compiler, methodVersion: 1)
  }

  @Test("two phones of one model share the fingerprint of the model, and are two units")
  func units() {
    let first = fingerprint { $0.host.unit = "a" }
    let second = fingerprint { $0.host.unit = "b" }
    #expect(first.model == second.model)
    #expect(first.unit != second.unit)
    let card = fingerprint { $0.uuid = "00ff" }
    #expect(card.model == fingerprint { _ in }.model)
    #expect(card.unit != fingerprint { _ in }.unit)
  }

  @Test("another driver is another model")
  func driver() {
    let other = fingerprint { $0.driver.version += 1 }
    #expect(other.model != fingerprint { _ in }.model)
    #expect(other.unit != fingerprint { _ in }.unit)
  }

  @Test("a table matches all devices of its model; one before 1.6.0, its very device alone")
  func matches() {
    let own = fingerprint { $0.host.unit = "a" }
    let other = fingerprint { $0.host.unit = "b" }
    var table = exampleTable
    (table.fingerprint, table.unit) = (own.model, own.unit)
    #expect(own.matches(table) && own.isUnit(of: table))
    #expect(other.matches(table) && !other.isUnit(of: table))
    (table.fingerprint, table.unit) = (own.unit, nil)
    #expect(own.matches(table) && own.isUnit(of: table))
    #expect(!other.matches(table) && !other.isUnit(of: table))
  }

  @Test("units and telemetry come back from a table's file")
  func file() throws {
    var table = exampleTable
    table.unit = "0123"
    table.device.host.model = "a phone"
    var telemetry = Telemetry(.init(values: ["clock": "1"], unreadable: ["b", "a"]))
    telemetry.add(.init(values: ["clock": "2"], thermalStatus: 3))
    telemetry.add(.init(values: ["clock": "3"], thermalStatus: 1))
    table.telemetry = telemetry
    let read = try LatencyTable(json: try table.json())
    #expect(read == table)
    #expect(read.telemetry?.first == ["clock": "1"])
    #expect(read.telemetry?.last == ["clock": "3"])
    #expect(read.telemetry?.highestThermalStatus == 3)
    #expect(read.telemetry?.unreadable == ["a", "b"])
  }
}
