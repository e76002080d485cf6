/// Binds buffers to the bindings of a pipeline.
public struct SetRequest: WireValue, Equatable, Sendable {
  /// The number that the set has from now on.
  public var id: UInt32
  /// The pipeline.
  public var pipeline: UInt32
  /// One buffer a binding.
  public var buffers: [UInt32]

  /// A request with its parts.
  public init(id: UInt32, pipeline: UInt32, buffers: [UInt32]) {
    self.id = id
    self.pipeline = pipeline
    self.buffers = buffers
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    id = try reader.integer()
    pipeline = try reader.integer()
    buffers = try IdentifierList(from: &reader).ids
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(pipeline)
    writer.write(IdentifierList(buffers))
  }
}

/// Puts dispatches into a ring: runs go round it.
public struct RingRequest: WireValue, Equatable, Sendable {
  /// A set and the work-groups that its pipeline runs over.
  public struct Step: WireValue, Equatable, Sendable {
    /// The set.
    public var set: UInt32
    /// The work-groups.
    public var groups: GroupCount

    /// A step with its parts.
    public init(set: UInt32, groups: GroupCount) {
      self.set = set
      self.groups = groups
    }

    public init(from reader: inout ByteReader) throws(MalformedFrame) {
      set = try reader.integer()
      groups = GroupCount(try reader.integer(), try reader.integer(), try reader.integer())
    }

    public func write(to writer: inout ByteWriter) {
      for field in [set, groups.x, groups.y, groups.z] { writer.write(field) }
    }
  }

  /// The number that the ring has from now on.
  public var id: UInt32
  /// The dispatches, one after another.
  public var steps: [Step]

  /// A request with its parts.
  public init(id: UInt32, steps: [Step]) {
    self.id = id
    self.steps = steps
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    id = try reader.integer()
    steps = try reader.list(smallest: 16)
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(list: steps)
  }
}

/// One submission of dispatches from a ring.
public struct Run: WireValue, Equatable, Sendable {
  /// The ring.
  public var ring: UInt32
  /// The dispatch of the ring that comes first.
  public var start: UInt32
  /// How many dispatches.
  public var length: UInt32
  /// Nanoseconds after which the device is given up.
  public var timeoutNanoseconds: UInt64
  /// Whether each dispatch is timed too.
  public var timesEach: Bool

  /// Dispatches of one submission, at most.
  public static let longest = 1 << 16
  /// Submissions of one request, at most.
  public static let mostInBatch = 64

  /// A run with its parts.
  public init(
    ring: UInt32, start: UInt32, length: UInt32, timeoutNanoseconds: UInt64, timesEach: Bool
  ) {
    self.ring = ring
    self.start = start
    self.length = length
    self.timeoutNanoseconds = timeoutNanoseconds
    self.timesEach = timesEach
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    ring = try reader.integer()
    start = try reader.integer()
    length = try reader.integer()
    timeoutNanoseconds = try reader.integer()
    timesEach = try reader.bool()
    guard length <= Self.longest else { throw .outOfRange }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(ring)
    writer.write(start)
    writer.write(length)
    writer.write(timeoutNanoseconds)
    writer.write(timesEach)
  }
}

/// The times of the runs of a request, in order, up to one that failed.
public struct RunReply: WireValue, Equatable, Sendable {
  /// One timing a run that ended well.
  public var timings: [Timing]
  /// Why the run after those did not.
  public var failure: VulkanError?

  /// A reply with its parts.
  public init(timings: [Timing], failure: VulkanError? = nil) {
    self.timings = timings
    self.failure = failure
  }

  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    timings = try reader.list(smallest: 10)
    failure = try reader.optional { (reader) throws(MalformedFrame) in
      try VulkanError(from: &reader)
    }
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(list: timings)
    writer.write(optional: failure) { $0.write($1) }
  }
}

extension Timing: WireValue {
  public init(from reader: inout ByteReader) throws(MalformedFrame) {
    func number(_ reader: inout ByteReader) throws(MalformedFrame) -> Double {
      try reader.number()
    }
    self.init(
      deviceNanoseconds: try reader.optional(number), wallNanoseconds: try reader.number(),
      dispatchNanoseconds: try reader.optional { (reader) throws(MalformedFrame) in
        try reader.list(smallest: 8, number)
      })
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(optional: deviceNanoseconds) { $0.write($1) }
    writer.write(wallNanoseconds)
    writer.write(optional: dispatchNanoseconds) { writer, list in
      writer.write(list: list) { $0.write($1) }
    }
  }
}
