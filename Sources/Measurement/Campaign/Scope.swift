public import Store
public import Tables

extension Backend {
  /// What tables and stores know this device by.
  public var fingerprint: Fingerprint {
    Fingerprint(device, compiler, methodVersion: Plan.methodVersion)
  }

  /// What campaigns on this device share their samples and ceilings within: its fingerprint, and
  /// everything of the method that changes figures.
  public func scope(at temperature: Method.Temperature) -> Store.Scope {
    scope(at: temperature, by: clock)
  }

  /// The same for another clock.
  func scope(at temperature: Method.Temperature, by clock: Method.Clock) -> Store.Scope {
    Store.Scope(
      fingerprint: fingerprint.unit,
      condition: "\(clock.rawValue) \(temperature.rawValue) ring \(temperature.ringSize)")
  }
}

extension Store {
  /// Keeps the ceilings of a device where every campaign on it looks for them: they have operands of
  /// their own, whatever the temperature. Returns the better of these and those known before, figure by
  /// figure.
  public func keep(
    _ measured: Ceilings, of backend: any Backend
  ) throws(StoreError) -> Ceilings {
    var best = measured
    let scopes = Method.Temperature.allCases.map(backend.scope)
    for scope in scopes {
      if let known = try ceilings(in: scope) { best = best.raised(by: known) }
    }
    for scope in scopes {
      try record(device: backend.device, fingerprint: scope.fingerprint)
      try record(best, in: scope)
    }
    return best
  }
}
