internal import Store
internal import Tables

/// The time that a row's kernel took in its race. Interference only ever adds time: a row whose visits all took longer
/// was not seen undisturbed, however well they agree.
struct Sighting {
  let schedule: String
  let nanoseconds: Double
  /// How fast the device was then.
  let speed: SpeedReading

  /// How far a figure may lie above, as a share: races are short. Of 348 rows on a software driver 95 % were within
  /// 5 % of their races, and five more than 10 % above.
  private static let tolerance = 0.1

  /// The time in the race where it says that a figure is too high: at the same speed of the device, and well below.
  ///
  /// - Parameter samples: Those that the figure is made of.
  func contradicts(_ figure: Double, of samples: [Sample], by speed: DeviceSpeed) -> Double? {
    guard figure > nanoseconds * (1 + Self.tolerance), speed.isSteady(self.speed),
      samples.allSatisfy({ speed.isSteady($0.speed) })
    else { return nil }
    return nanoseconds
  }
}
