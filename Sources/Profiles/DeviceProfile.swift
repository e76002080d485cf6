/// What a class of devices allows, to choose kernels as if for them on a device that allows more.
public struct DeviceProfile: Hashable, Sendable {
  /// The word the device profile is chosen by.
  public let name: String
  /// Which devices are meant; may be empty.
  public let description: String
  /// Limits, by their names in the Vulkan specification, and `registers` of 32 bits of an invocation; those
  /// left out are the device's own.
  public let limits: [String: Int]
  /// Invocations of a work-group along x, y and z (`maxComputeWorkGroupSize`), if given.
  public let groupSize: [Int]?
  /// Features, by their names in the Vulkan specification: one that is false is not used.
  public let features: [String: Bool]

  /// Limits that a device profile can give, beside `maxComputeWorkGroupSize`.
  public static let limitNames = [
    "maxComputeSharedMemorySize", "maxComputeWorkGroupInvocations", imageName,
    "maxPerStageDescriptorStorageBuffers", "maxPerStageDescriptorUniformBuffers",
    "maxStorageBufferRange", "maxTexelBufferElements",
    "maxUniformBufferRange", "registers", subgroupSizeName,
  ]
  /// Features that a device profile can give; `subgroupShuffle` is short for
  /// `VK_SUBGROUP_FEATURE_SHUFFLE_BIT`.
  public static let featureNames = [
    "shaderFloat16", "storageBuffer16BitAccess", "subgroupShuffle",
    "uniformAndStorageBuffer16BitAccess",
  ]

  /// The limit that is 0 where images over buffers cannot be sampled; not one of Vulkan's, see
  /// `srprof devices`.
  private static let imageName = "maxLinearImageDimension"
  private static let groupSizeName = "maxComputeWorkGroupSize"
  private static let subgroupSizeName = "subgroupSize"

  /// Reads a device profile.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - file: What the text is called in errors.
  /// - Throws: The first mistake with its line and column.
  public init(yaml: String, file: String) throws(ProfileError) {
    let what = "a device profile"
    let root = Value(file: file, key: what, node: try Document(yaml: yaml, file: file).root)
    let fields = try Fields(root, what, keys: ["name", "description", "limits", "features"])
    name = try fields.required("name").text()
    description = try fields["description"]?.text() ?? ""
    var limits: [String: Int] = [:]
    var groupSize: [Int]?
    if let value = fields["limits"] {
      let given = try Fields(value, "limits", keys: Self.limitNames + [Self.groupSizeName])
      for name in Self.limitNames {
        limits[name] = try given[name]?.limit(from: name == Self.imageName ? 0 : 1)
      }
      if let value = given[Self.subgroupSizeName], let size = limits[value.key],
        size.nonzeroBitCount != 1
      {
        throw value.error("\(value.key) is a power of two, not \(size)")
      }
      if let size = given[Self.groupSizeName] {
        let sides = try size.list().map { (side) throws(ProfileError) in try side.limit() }
        guard sides.count == 3 else {
          throw size.error("\(size.key) is a list of three numbers, for x, y and z")
        }
        groupSize = sides
      }
    }
    var features: [String: Bool] = [:]
    if let value = fields["features"] {
      let given = try Fields(value, "features", keys: Self.featureNames)
      for name in Self.featureNames { features[name] = try given[name]?.truth() }
    }
    self.limits = limits
    self.groupSize = groupSize
    self.features = features
  }
}

extension Value {
  /// A limit: a whole number, above zero unless none is one.
  fileprivate func limit(from least: Int = 1) throws(ProfileError) -> Int {
    let number = try wholeNumber()
    guard number >= least else { throw error("\(key) is at least \(least), not \(number)") }
    return number
  }

  /// `true` or `false`.
  fileprivate func truth() throws(ProfileError) -> Bool {
    try word(["true", "false"]) { ["true": true, "false": false][$0] }
  }
}
