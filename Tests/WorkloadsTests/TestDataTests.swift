import Testing
import Workloads

@Suite("Test data")
struct TestDataTests {
  @Test("is the same on every machine and in every run")
  func pinned() {
    let data = TestData()
    #expect((0..<4).map { data.value(.input, $0) * 64 } == [35, -30, -33, -55])
    #expect((0..<4).map { data.value(.weights, $0) * 4096 } == [3503, -923, -472, 2349])
  }

  @Test(
    "is made of multiples of 1/64 in [-1, 1), all of them about as often",
    arguments: Operand.allCases.filter { $0 != .weights })
  func range(_ operand: Operand) {
    var counts: [Float: Int] = [:]
    for index in 0..<12_800 { counts[TestData().value(operand, index), default: 0] += 1 }
    #expect(counts.count == 128)
    #expect(counts.keys.allSatisfy { $0 >= -1 && $0 < 1 && $0 * 64 == ($0 * 64).rounded() })
    #expect(counts.values.allSatisfy { (40...180).contains($0) })
  }

  @Test("has weights of many different values, multiples of 1/4096 in [-1, 1) without zero")
  func weights() {
    let values = (0..<40_000).map { TestData().value(.weights, $0) }
    #expect(Set(values).count > 7000)
    #expect(
      values.allSatisfy {
        $0 >= -1 && $0 < 1 && $0 != 0 && $0 * 4096 == ($0 * 4096).rounded()
      })
  }

  @Test("differs between operands, between seeds, and from one element to the next")
  func different() {
    func first(_ operand: Operand, seed: UInt64) -> [Float] {
      (0..<64).map { TestData(seed: seed).value(operand, $0) }
    }
    var seen: Set<[Float]> = []
    for operand in Operand.allCases { seen.insert(first(operand, seed: 1)) }
    #expect(seen.count == Operand.allCases.count)
    #expect(first(.input, seed: 1) != first(.input, seed: 2))
    for values in seen { #expect(Set(values).count > 32) }
    for size in [2, 3, 4] {
      for start in 0..<100 {
        let run = (start..<start + 8 * size).map { TestData().value(.input, $0) }
        #expect(Set(run).count > size)
      }
    }
  }
}
