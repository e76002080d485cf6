internal import DeviceProtocol
internal import Tables

/// How long a driver may compile one kernel.
public struct CompileDeadline: Hashable, Sendable {
  /// Seconds.
  let seconds: Double
  /// Whose kernel it is, as a phrase for errors.
  private let owner: String

  /// Of a kernel that there is no other for.
  public static let patient = CompileDeadline(seconds: 300, owner: "a kernel")
  /// Of one of many schedules, where all of them are compiled; and of those of which one will be the standard
  /// schedule.
  public static let candidate = CompileDeadline(seconds: 30, owner: "one of many schedules")

  /// Of a candidate in a race.
  static func race(seconds: Double) -> CompileDeadline {
    CompileDeadline(seconds: seconds, owner: "a candidate")
  }

  /// The failure of a kernel whose compilation was ended after some time; `nil` if that was for another reason.
  func failure(_ error: VulkanError, after seconds: Double) -> Failure? {
    guard error.reason == .timedOut, seconds >= self.seconds else { return nil }
    return Failure(
      .notCompiled,
      "the driver was ended: it compiled this for longer than the \(Int(self.seconds)) s that "
        + "\(owner) may take")
  }
}
