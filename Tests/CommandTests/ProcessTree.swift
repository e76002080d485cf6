import Foundation

/// Processes that others have started, as the system lists them.
enum ProcessTree {
  /// Those that a process has started and that still run, with those that they have started.
  static func descendants(of process: pid_t) -> [pid_t] {
    let threads =
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    let children = threads.flatMap { thread in
      let path = "/proc/\(process)/task/\(thread)/children"
      return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ")
        .compactMap { pid_t($0) }
    }
    return children + children.flatMap(descendants)
  }

  /// The short name of a process; `nil` if it has ended, whether or not somebody has waited for it.
  static func name(of process: pid_t) -> String? {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    guard let status, !status.contains(") Z ") else { return nil }
    return (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8))?
      .trimmingCharacters(in: .newlines)
  }

  /// Whether all end within five seconds.
  static func end(_ processes: [pid_t]) -> Bool {
    for _ in 0..<500 {
      if processes.allSatisfy({ name(of: $0) == nil }) { return true }
      usleep(10_000)
    }
    return false
  }

  /// The worker among a process's descendants, waited for up to ten seconds.
  static func worker(below process: pid_t) -> (supervisor: pid_t, executor: pid_t)? {
    for _ in 0..<1000 {
      let all = descendants(of: process)
      for executor in all where name(of: executor) == "srprof-executor" {
        if let supervisor = all.first(where: { descendants(of: $0) == [executor] }) {
          return (supervisor, executor)
        }
      }
      usleep(10_000)
    }
    return nil
  }
}
