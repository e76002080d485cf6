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
}
