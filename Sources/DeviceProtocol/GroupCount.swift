/// Workgroups of a dispatch in x, y and z.
public struct GroupCount: Sendable, Hashable {
  /// Workgroups in each direction.
  public let x, y, z: UInt32

  /// A count with 1 in the directions left out.
  public init(_ x: UInt32, _ y: UInt32 = 1, _ z: UInt32 = 1) {
    self.x = x
    self.y = y
    self.z = z
  }
}
