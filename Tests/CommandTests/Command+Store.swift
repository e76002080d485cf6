import Foundation

extension Command {
  /// What a statement gives on the store, opened by a database that knows nothing of srprof; `0` while
  /// there is no store.
  func query(_ statement: String) throws -> String {
    let store = path("data/srprof/store.sqlite")
    guard FileManager.default.fileExists(atPath: store) else { return "0" }
    let python = """
      import sqlite3, sys
      store = sqlite3.connect(sys.argv[1], isolation_level=None)
      tables = {name for name, in store.execute("select name from sqlite_master")}
      rows = store.execute(sys.argv[2]).fetchall() if "attempt" in tables else [(0,)]
      print(*(rows[0] if rows else []))
      """
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", python, store, statement]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
