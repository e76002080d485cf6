internal import CProcess
internal import Glibc

/// A worker on this machine, at the other end of a pair of sockets.
public struct LocalTransport: Transport {
  public init() {}

  public var place: String { "" }

  public func connect() throws(ConnectionError) -> Link {
    let program = try WorkerProgram(for: Self.architecture)
    // A program in memory leaves no file behind, and needs no folder that may be written or executed from.
    let file = program.bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { process_memory_file($0, bytes.count) } ?? -ENOEXEC
    }
    guard file >= 0 else { throw Self.failed(SystemError(code: -file)) }
    defer { close(file) }
    do throws(SystemError) {
      return Link(try Subprocess("/proc/self/fd/3", [], listening: false, program: file))
    } catch {
      throw Self.failed(error)
    }
  }

  private static func failed(_ error: SystemError) -> ConnectionError {
    ConnectionError("the worker of this machine cannot be started: \(error.description)")
  }

  public func explanation(of lastWords: String) -> ConnectionError {
    ConnectionError("the worker of this machine ended", mayPass: true)
  }

  private static var architecture: String {
    var name = utsname()
    uname(&name)
    return withUnsafeBytes(of: name.machine) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
