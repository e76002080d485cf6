import Testing
import Workloads

@Suite("The nearest word")
struct NearestTests {
  @Test(
    "is the one most likely meant",
    arguments: [
      ("chanels", "channels"), ("channel", "channels"), ("channles", "channels"),
      ("Kernel", "kernel"), ("kernal", "kernel"), ("pixelshuffle", "pixelShuffle"),
      ("mpas", "maps"), ("stirde", "stride"), ("ad", "add"), ("quik", "quick"),
    ])
  func likely(_ typed: String, _ meant: String) {
    let words = [
      "channels", "kernel", "pixelShuffle", "maps", "stride", "add", "quick", "sr-mobile",
    ]
    #expect(nearest(to: typed, in: words) == meant)
  }

  @Test("does not exist for text unlike any", arguments: ["", "colour", "x", "ch", "sr"])
  func none(_ typed: String) {
    #expect(nearest(to: typed, in: ["channels", "kernel", "maps"]) == nil)
  }

  @Test("does not exist among no words, nor for text no word is as long as")
  func extremes() {
    #expect(nearest(to: "channels", in: []) == nil)
    #expect(nearest(to: String(repeating: "a", count: 1_000_000), in: ["channels"]) == nil)
  }

  @Test("is the first of equally near ones, and the exact one before all")
  func ties() {
    #expect(nearest(to: "cat", in: ["bat", "hat"]) == "bat")
    #expect(nearest(to: "hat", in: ["bat", "hat"]) == "hat")
    #expect(nearest(to: "hat", in: ["hatter", "hat"]) == "hat")
    #expect(nearest(to: "wdsr", in: ["edsr", "wdsr-a", "wdsr-b"]) == "wdsr-a")
  }
}
