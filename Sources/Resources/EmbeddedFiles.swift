internal import CResources

/// The files of the repository that the program carries inside itself.
public enum EmbeddedFiles {
  /// Texts of the files in a folder of the repository such as `Shaders/`, by file name, without those
  /// of folders inside it.
  public static func texts(in folder: String) -> [String: String] {
    var texts: [String: String] = [:]
    for index in 0..<srprof_resource_count() {
      let resource = srprof_resource(index)
      let path = String(cString: resource.name)
      guard path.hasPrefix(folder), !path.dropFirst(folder.count).contains("/") else { continue }
      let bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.count)
      texts[String(path.dropFirst(folder.count))] = String(decoding: bytes, as: UTF8.self)
    }
    return texts
  }

  /// The evaluator of a search that trains candidates with PyTorch: a program in Python.
  public static var evaluator: String { texts(in: "Sources/CResources/")["evaluator.py"] ?? "" }

  /// The worker of a processor such as "aarch64" (see uname(1)), as an executable file; `nil` where this build
  /// carries none.
  public static func worker(for processor: String) -> [UInt8]? {
    for index in 0..<srprof_worker_count() {
      let worker = srprof_worker(index)
      guard String(cString: worker.name) == processor, worker.count > 1 else { continue }
      return Array(UnsafeBufferPointer(start: worker.bytes, count: worker.count))
    }
    return nil
  }

  /// Processors that this build carries workers for.
  public static var workerProcessors: [String] {
    (0..<srprof_worker_count()).map { srprof_worker($0) }.filter { $0.count > 1 }
      .map { String(cString: $0.name) }
  }
}
