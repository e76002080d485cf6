internal import Workloads

/// A flat object: `workload`, `name`, `status`, what the status calls for, and `race` where schedules
/// raced.
extension Row: Encodable {
  enum CodingKeys: String, CodingKey {
    case workload, name, race
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(workload, forKey: .workload)
    try container.encode(workload.name, forKey: .name)
    try result.encode(to: encoder)
    if !race.isEmpty { try container.encode(race, forKey: .race) }
  }
}

extension Row.Result: Encodable {
  /// What a row came to, by its word in JSON.
  package enum Status: String, Encodable {
    case measured, failed
  }

  enum CodingKeys: String, CodingKey {
    case status, failure, latency, schedule, compiled, check, efficiency
  }

  package var status: Status {
    switch self {
    case .measured: .measured
    case .failed: .failed
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(status, forKey: .status)
    switch self {
    case .measured(let measurement):
      try container.encode(measurement.latency, forKey: .latency)
      try container.encode(measurement.schedule, forKey: .schedule)
      try container.encodeIfPresent(measurement.compiled, forKey: .compiled)
      try container.encode(measurement.check, forKey: .check)
      try container.encode(measurement.efficiency, forKey: .efficiency)
    case .failed(let failure):
      try container.encode(failure, forKey: .failure)
    }
  }
}
