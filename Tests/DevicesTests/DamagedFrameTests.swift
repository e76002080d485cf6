import DeviceProtocol
import Foundation
import Testing

@testable import Devices

/// A real worker that is sent what no host sends.
@Suite(.serialized) struct DamagedFrameTests {
  @Test("damaged requests are refused or end the worker, which stays small")
  func damaged() throws {
    var state: UInt64 = 88_172_645_463_325_252
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    let worker = try Worker(LocalTransport())
    let operations = WorkerOperation.allCases.filter {
      ![.hello, .telemetry, .restart, .alive].contains($0)
    }
    var answers = 0
    for _ in 0..<100_000 {
      let payload = (0..<(next() % 64)).map { _ in
        next() % 3 == 0 ? 255 : UInt8(truncatingIfNeeded: next() % 8)
      }
      let operation = operations[Int(next() % UInt64(operations.count))]
      do throws(VulkanError) {
        _ = try worker.request(
          operation, payload, generation: worker.generation, call: "a call", making: "a test")
      } catch {
        #expect(error.reason == .argument || error.call == "vkEnumeratePhysicalDevices")
      }
      answers += 1
    }
    #expect(answers == 100_000)
    let status = try String(
      contentsOfFile: "/proc/\(worker.hello.processID)/status", encoding: .utf8)
    let peak = try #require(
      status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?
        .split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    #expect(peak < 64 << 10)
  }

  @Test("a frame of four gibibytes, and bytes that are no frame, end the worker")
  func ends() throws {
    var tooLong = FrameHeader(.put, tag: 1, payloadBytes: 0).bytes
    tooLong.replaceSubrange(4..<8, with: [255, 255, 255, 255])
    for bytes in [tooLong, Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)] {
      let program = try WorkerProgram(for: "x86_64")
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      defer { try? FileManager.default.removeItem(at: folder) }
      try Data(program.bytes).write(to: folder)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
      let process = Process()
      process.executableURL = folder
      let input = Pipe()
      process.standardInput = input
      process.standardOutput = Pipe()
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data(bytes))
      process.waitUntilExit()
      #expect(process.terminationStatus == 65)
    }
  }
}
