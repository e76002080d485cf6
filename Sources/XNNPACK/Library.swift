internal import Files
internal import Glibc

/// The XNNPACK library, opened at run time so that a program starts, and can say so, without it.
///
/// It is never closed. Functions are declared as in `xnnpack.h` of 2022-02; those that later versions
/// renamed are looked for by both names.
public final class Library: Sendable {
  /// The file that was opened.
  public let path: String
  let functions: Functions
  private let handle: Handle

  /// A pointer to a library that is never closed may be shared.
  private struct Handle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
  }

  /// Opens the library and initializes it.
  ///
  /// - Parameter path: A file; the system's library unless given.
  /// - Throws: `.noLibrary` with the linker's message, `.missingFunction` or the status of
  ///   `xnn_initialize`, which refuses processors it has no code for.
  public init(path: String? = nil) throws(XNNPACKError) {
    let names = path.map { [$0] } ?? ["libXNNPACK.so.0", "libXNNPACK.so"]
    var message = ""
    var opened: UnsafeMutableRawPointer?
    for name in names where opened == nil {
      opened = dlopen(name, RTLD_NOW | RTLD_LOCAL)
      if opened == nil { message = dlerror().map { String(cString: $0) } ?? name }
    }
    guard let opened else { throw XNNPACKError(.noLibrary, call: "dlopen", detail: message) }
    handle = Handle(pointer: opened)
    functions = try Functions(opened)
    self.path = path ?? Self.mappedFile ?? ""
    try Self.check(functions.initialize(nil), "xnn_initialize", "this processor")
  }

  /// The library's file among those that the process has mapped.
  private static var mappedFile: String? {
    guard let maps = try? FileContents.read("/proc/self/maps") else { return nil }
    let line = String(decoding: maps, as: UTF8.self).split(whereSeparator: \.isNewline)
      .first { $0.contains("libXNNPACK") && $0.contains("/") }
    return line.flatMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } }
  }

  /// Throws the status of a call unless it is success.
  static func check(
    _ status: UInt32, _ call: String, _ detail: @autoclosure () -> String
  ) throws(XNNPACKError) {
    guard status != 0 else { return }
    throw XNNPACKError(status == 6 ? .outOfMemory : .status(status), call: call, detail: detail())
  }

  /// A function that not every version has; `nil` where it is missing.
  func optional<Function>(_ name: String, as type: Function.Type) -> Function? {
    dlsym(handle.pointer, name).map { unsafeBitCast($0, to: type) }
  }
}
