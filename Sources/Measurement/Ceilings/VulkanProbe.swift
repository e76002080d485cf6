internal import DeviceProtocol
internal import Tables

/// A probe's dispatches on a Vulkan device.
final class VulkanProbe: Probe {
  /// What outputs hold before a kernel writes them: not a number, and nothing that one writes.
  static let poison: UInt32 = 0x7fc0_dead

  private let chains: RecordedChains
  private let isRight: () throws(VulkanError) -> Bool

  init(_ chains: RecordedChains, isRight: @escaping () throws(VulkanError) -> Bool) {
    self.chains = chains
    self.isRight = isRight
  }

  func run(length: Int, watchdogNanoseconds: Double) throws(Failure) -> ChainTime {
    try chains.run(length: length, watchdogNanoseconds: watchdogNanoseconds)
  }

  func check() throws(Failure) {
    let right: Bool
    do throws(VulkanError) { right = try isRight() } catch { throw Failure(error) }
    if !right {
      throw Failure(.wrongOutput, "the output of its kernel was not written, or is wrong")
    }
  }
}
