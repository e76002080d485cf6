import Files
import Testing

@Suite("A safetensors file")
struct SafetensorsTests {
  /// A file with this header and so many bytes of numbers.
  private func file(_ header: String, numbers: Int = 0) -> [UInt8] {
    let length = header.utf8.count
    return (0..<8).map { UInt8(length >> ($0 * 8) & 255) } + Array(header.utf8)
      + (0..<numbers).map { UInt8($0 & 127) }
  }

  private func mistake(_ bytes: [UInt8]) -> String {
    do throws(Safetensors.Malformed) {
      _ = try Safetensors(bytes)
      return "none"
    } catch {
      return error.description
    }
  }

  @Test("is read as it was written")
  func roundTrip() throws {
    let written = Safetensors(
      [
        "b.weight": try #require(Safetensors.Values(shape: [2, 1, 2], [1, -2.5, 0, .infinity])),
        "a\"\n": try #require(Safetensors.Values(shape: [3], bytes: [1, 0, 255])),
        "empty": try #require(Safetensors.Values(shape: [0, 4], [])),
        "one": try #require(Safetensors.Values(shape: [], [7])),
      ], metadata: ["format": "pt", "\\": "\u{1}é"])
    let read = try Safetensors(written.contents)
    #expect(read.entries == written.entries)
    #expect(read.metadata == ["format": "pt", "\\": "\u{1}é"])
    #expect(read["b.weight"] == [1, -2.5, 0, .infinity])
    #expect(read.entries["b.weight"]?.shape == [2, 1, 2])
    #expect(read["a\"\n"] == [1, 0, 255])
    #expect(read.entries["a\"\n"]?.element == .uint8)
    #expect(read["empty"] == [])
    #expect(read["one"] == [7])
    #expect(read["two"] == nil)
    #expect(Safetensors.Values(shape: [2, 2], [1]) == nil)
    #expect(Safetensors.Values(shape: [-1, -1], [1]) == nil)
    #expect(Safetensors.Values(shape: [.max, 2], bytes: []) == nil)
  }

  @Test("may hold half precision")
  func halves() throws {
    let header = #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#
    let bytes = Array(file(header)) + [0x00, 0x3c, 0x00, 0xc1]
    #expect(try Safetensors(bytes)["h"] == [1, -2.5])
  }

  @Test(
    "that is none is refused in one sentence",
    arguments: [
      (#"{}"#, 1, "has 1 bytes behind its last tensor"),
      (#"[]"#, 0, "has a header that is no JSON object"),
      (#"{"a":1"#, 0, "has a header that ends in the middle, after 6 bytes"),
      (#"{"a":[1]}"#, 0, "tensor 'a' is described by no object"),
      (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "tensor 'a' has no dtype"),
      (
        #"{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}"#, 2,
        "tensor 'a' has numbers of the kind 'BF16'; F32, F16 and U8 can be read: save tensor.float()"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
        "tensor 'a' has no shape, which is a list of sizes"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4,
        "tensor 'a' has no data_offsets, which are its first byte and the one behind it"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
        "tensor 'a' has 8 bytes, which are not those of F32 of the shape [3]"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, 8,
        "tensor 'a' has 8 bytes, which are not those of F32 of the shape [4611686018427387904, 4]"
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7,
        "ends too soon: tensor 'a' ends at byte 8 of the numbers, and 7 are there"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3, "tensor 'b' begins at byte 1 of the numbers, and the one before it ends at 2"
      ),
      (#"{"__metadata__":{"a":1}}"#, 0, "has metadata that are no object of texts"),
    ])
  func mistakes(_ header: String, _ numbers: Int, _ sentence: String) {
    #expect(mistake(file(header, numbers: numbers)) == sentence)
  }

  @Test("that is cut anywhere is refused")
  func cuts() throws {
    let values = try #require(Safetensors.Values(shape: [2, 2], [1, 2, 3, 4]))
    let whole = Safetensors(["a": values, "b": values]).contents
    for count in 0..<whole.count { #expect(mistake(Array(whole[..<count])) != "none") }
    #expect(mistake([1, 2, 3]).hasPrefix("is no safetensors file: it has 3 bytes"))
    #expect(mistake([UInt8](repeating: 255, count: 16)).hasPrefix("is no safetensors file"))
  }
}
