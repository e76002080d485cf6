public import DeviceProtocol
internal import Resources

/// The worker that this program carries for a processor.
public struct WorkerProgram: Sendable {
  /// Such as "aarch64", as uname(1) says it.
  public let architecture: String
  /// The executable file.
  public let bytes: [UInt8]
  /// Its digest, by which it is known where it runs.
  public let digest: Digest

  /// The worker for an architecture. Throws where this build carries none.
  public init(for architecture: String) throws(ConnectionError) {
    guard let bytes = EmbeddedFiles.worker(for: architecture) else {
      let known = EmbeddedFiles.workerProcessors.joined(separator: ", ")
      throw ConnectionError(
        "this build of srprof carries no worker for \(architecture) (only: "
          + "\(known.isEmpty ? "none" : known)); build it with make")
    }
    self.architecture = architecture
    self.bytes = bytes
    digest = Digest(of: bytes)
  }

  /// Every worker that this build carries.
  static let all = EmbeddedFiles.workerProcessors.compactMap { try? WorkerProgram(for: $0) }

  /// The name of its file on a device.
  public var fileName: String { "srprof-worker-\(digest.digits)" }
}
