import DeviceProtocol
import Devices
import Testing

@Suite struct WorkerTests {
  @Test("a worker on this machine says who it is")
  func hello() throws {
    let worker = try Worker(LocalTransport())
    #expect(worker.hello.processID > 0)
    #expect(!worker.hello.host.operatingSystem.isEmpty)
  }
}
