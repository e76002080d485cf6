public import Kernels
internal import Tables

extension ShaderLibrary {
  /// Hash of everything that decides what is executed for a workload.
  public var catalogueHash: String {
    var hash = FNV1a()
    hash.combine("\(Self.generation)")
    for name in Schedule.catalogue { hash.combine(name) }
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      hash.combine(name)
      hash.combine(text)
    }
    return hash.digits
  }
}
