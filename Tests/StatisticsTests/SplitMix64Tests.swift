import Statistics
import Testing

@Suite struct `Random numbers` {
  /// Source: the reference implementation (Vigna, 2015), seed 1234567.
  @Test func `are those of the reference`() {
    var random = SplitMix64(state: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() }
        == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func `stay below their bound`() {
    var random = SplitMix64(state: 3)
    #expect((0..<1000).allSatisfy { _ in (0..<7).contains(random.below(7)) })
    #expect(random.below(0) == 0)
  }

  @Test(arguments: [0, 1, 5, 9, 12])
  func `a choice has as many numbers as asked, rising, of those there are`(count: Int) {
    var random = SplitMix64(state: 4)
    var chosen: [Int] = []
    random.choose(count, of: 9) { chosen.append($0) }
    #expect(chosen.count == min(count, 9))
    #expect(chosen == Set(chosen).sorted())
    #expect(chosen.allSatisfy { 0..<9 ~= $0 })
  }
}
