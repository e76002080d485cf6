import CSystem
import CVulkan

/// How many threads lavapipe, Mesa's driver that runs on the processor, executes kernels on.
///
/// One, unless the user says otherwise: its two threads share a dispatch, and where the system wakes both
/// on one processor, as Linux 6.18 on two cores did 98 times of 100, a dispatch takes twice as long as it
/// does else. Its times say nothing about a GPU; with one thread at least they repeat.
enum SoftwareThreads {
  private static let variable = "LP_NUM_THREADS"

  /// Asks for one thread if the environment asks for nothing. Drivers read it when they are loaded.
  static func setDefault() {
    setenv(variable, "1", 0)
  }

  /// What a driver's threads add to its description; nothing where it cannot be told how many to use.
  static func phrase(for driver: VkDriverId) -> String {
    guard driver == VK_DRIVER_ID_MESA_LLVMPIPE,
      let asked = getenv(variable).flatMap({ Int(String(cString: $0)) })
    else { return "" }
    return asked > 1 ? ", \(asked) threads" : ", 1 thread"
  }
}
