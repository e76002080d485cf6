import Execution
import Networks
import Testing
import Workloads

@Suite struct TilingTests {
  @Test func everyPixelComesFromATileThatSeesEnough() throws {
    let picture = MapShape(channels: 2, height: 37, width: 50)
    let field = ReceptiveField(radius: 3, alignment: 1)
    let tiling = try #require(Tiling(picture: picture, height: 16, width: 20, field: field))
    let image = (0..<picture.count).map { Float($0) }
    // A picture enlarged by two; what a tile does not see is poisoned.
    var whole = [Float](repeating: -1, count: picture.count * 4)
    for index in tiling.corners.indices {
      let tile = tiling.tile(index, of: image)
      let shape = MapShape(channels: 2, height: 32, width: 40)
      var result = [Float](repeating: .nan, count: shape.count)
      let corner = tiling.corners[index]
      let top = corner.y == 0 ? 0 : 3
      let left = corner.x == 0 ? 0 : 3
      let bottom = corner.y + 16 == 37 ? 16 : 13
      let right = corner.x + 20 == 50 ? 20 : 17
      for channel in 0..<2 {
        for y in top * 2..<bottom * 2 {
          for x in left * 2..<right * 2 {
            result[shape.index(channel, y, x)] = tile[(channel * 16 + y / 2) * 20 + x / 2]
          }
        }
      }
      tiling.place(result, index, channels: 2, scale: 2, into: &whole)
    }
    let target = MapShape(channels: 2, height: 74, width: 100)
    for channel in 0..<2 {
      for y in 0..<74 {
        for x in 0..<100 {
          #expect(
            whole[target.index(channel, y, x)] == image[picture.index(channel, y / 2, x / 2)])
        }
      }
    }
  }

  @Test func tilesBeginWhereStridesDo() throws {
    let picture = MapShape(channels: 1, height: 64, width: 64)
    let tiling = try #require(
      Tiling(
        picture: picture, height: 30, width: 64, field: ReceptiveField(radius: 5, alignment: 4)))
    #expect(tiling.height == 28)
    #expect(tiling.corners.allSatisfy { $0.y % 4 == 0 })
  }

  @Test func tilesNoLargerThanTheirOverlapAreRefused() {
    let picture = MapShape(channels: 1, height: 64, width: 64)
    let field = ReceptiveField(radius: 8, alignment: 1)
    #expect(Tiling(picture: picture, height: 16, width: 16, field: field) == nil)
  }
}
