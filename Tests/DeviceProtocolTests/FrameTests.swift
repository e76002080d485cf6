import DeviceProtocol
import Testing

@Suite struct FrameTests {
  @Test("every value comes back from its own bytes")
  func roundTrips() {
    for sample in Samples.all { #expect(sample.isRead(sample.bytes)) }
  }

  @Test("a header comes back from its own bytes", arguments: WorkerOperation.allCases)
  func header(operation: WorkerOperation) throws {
    for status in Status.allCases {
      let header = FrameHeader(
        operation, status: status, tag: 7, deadlineMilliseconds: 9, payloadBytes: 11)
      #expect(try FrameHeader(header.bytes) == header)
    }
  }

  @Test("a frame of four gibibytes is refused before any of it is read")
  func fourGibibytes() {
    var bytes = FrameHeader(.put, tag: 1, payloadBytes: 0).bytes
    bytes.replaceSubrange(4..<8, with: [255, 255, 255, 255])
    #expect(throws: MalformedFrame.outOfRange) { try FrameHeader(bytes) }
  }

  @Test(
    "a hundred thousand damaged payloads are values or errors, and take no more memory than they have"
  )
  func damaged() {
    var random = Random(state: 1)
    var unharmed = 0
    for index in 0..<100_000 {
      let sample = Samples.all[index % Samples.all.count]
      if sample.isRead(random.damaged(sample.bytes)) { unharmed += 1 }
    }
    #expect(unharmed < 10_000)
  }

  @Test("a hundred thousand damaged headers are headers or errors")
  func damagedHeaders() {
    var random = Random(state: 2)
    var headers = 0
    for operation in 0..<100_000 {
      let whole = FrameHeader(
        WorkerOperation.allCases[operation % WorkerOperation.allCases.count], tag: 3,
        payloadBytes: operation % 1000
      ).bytes
      if let header = try? FrameHeader(random.damaged(whole)) {
        #expect(header.payloadBytes <= FrameHeader.mostPayloadBytes)
        headers += 1
      }
    }
    #expect(headers > 0)
  }
}

@Suite struct DigestTests {
  @Test("contents that differ in one bit, in length or in order have different digests")
  func differs() {
    var random = Random(state: 3)
    var seen: Set<Digest> = []
    var count = 0
    for length in [0, 1, 7, 8, 31, 32, 33, 64, 1000] {
      let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      seen.insert(Digest(of: bytes))
      count += 1
      for _ in 0..<min(length * 8, 200) {
        var other = bytes
        other[Int(random.next() % UInt64(length))] ^= 1 << UInt8(random.next() % 8)
        seen.insert(Digest(of: other))
      }
      let zeros = [UInt8](repeating: 0, count: length)
      seen.insert(Digest(of: zeros + [0]))
    }
    let words = (0..<64).map { UInt8($0) }
    seen.insert(Digest(of: words))
    #expect(!seen.isSuperset(of: [Digest(of: Array(words[8...] + words[..<8]))]))
    #expect(!seen.isSuperset(of: [Digest(of: Array(words[32...] + words[..<32]))]))
    #expect(seen.count > count)
  }

  @Test("a digest is 32 hexadecimal digits, the same wherever the bytes lie")
  func digits() {
    let bytes = (0..<100).map { UInt8($0) }
    let shifted = ([9] + bytes).withUnsafeBytes {
      Digest(of: UnsafeRawBufferPointer(rebasing: $0[1...]))
    }
    #expect(Digest(of: bytes) == shifted)
    #expect(shifted.digits.count == 32)
    #expect(shifted.digits.filter { $0.isHexDigit }.count == 32)
  }
}
