import TableExamples
import Tables
import Testing

@Suite struct AdditivityFileTests {
  @Test func aTableThatWasNotCalibratedHasNoConstants() throws {
    let text = String(decoding: try exampleTable.json(), as: UTF8.self)
    #expect(!text.contains("additivity"))
    #expect(try LatencyTable(json: Array(text.utf8)).additivity == nil)
  }

  @Test func aTableOfBeforeHasNoShareThatIsSaved() throws {
    var table = exampleTable
    table.additivity = Additivity(
      perDispatchNanoseconds: -1250.5, perSubmissionNanoseconds: 4e4, relativeSpread: 0.0125,
      networks: 7)
    let text = try table.json()
    #expect(!String(decoding: text, as: UTF8.self).contains("savedShare"))
    #expect(try LatencyTable(json: text) == table)
  }

  @Test func aBrokenKeyIsNamedWithItsPlace() throws {
    var table = exampleTable
    table.additivity = Additivity(
      perDispatchNanoseconds: 1, perSubmissionNanoseconds: 2, relativeSpread: 3, networks: 4)
    let text = String(decoding: try table.json(), as: UTF8.self)
      .replacing("\"networks\" : 4", with: "\"networks\" : \"four\"")
    let error = #expect(throws: TableError.self) { try LatencyTable(json: Array(text.utf8)) }
    #expect(error?.description.contains("additivity.networks") == true)
  }
}
