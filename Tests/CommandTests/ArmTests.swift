import Foundation
import Testing

/// The worker for 64-bit ARM, emulated, with that processor's software driver.
@Suite struct `A board with another processor` {
  private static let files = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/arm64")

  private static let isAvailable =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-aarch64-static")
    && Server.debianFiles(
      files, "arm64", "bookworm", "mesa-vulkan-drivers", "libvulkan1", "libc6")

  /// An ssh to this machine, where programs of the other one run.
  private static let shell = """
    for command; do :; done
    unset VK_ADD_DRIVER_FILES
    root='\(files.path)/root'
    export VK_ICD_FILENAMES="$root/usr/share/vulkan/icd.d/lvp_icd.aarch64.json"
    uname() { echo aarch64; }
    exec() {
      builtin exec qemu-aarch64-static -L "$root" -E LD_LIBRARY_PATH=/usr/lib/aarch64-linux-gnu "$@"
    }
    eval "$command"
    """

  @Test(.enabled(if: isAvailable, "needs qemu-user-static, and packages for arm64"))
  func `gets the worker for it, and its rows are measured and right`() throws {
    try withCommand { command in
      command.environment["SRPROF_SSH"] = try command.script("ssh", Self.shell)
      // The validation layer at hand is for this machine.
      command.environment["SRPROF_VALIDATE"] = "0"
      let profile = try command.write("small.yaml", smallProfile)
      let outcome = try command.run(
        "measure", "--device", "ssh:board/0", "--profile", profile, "-o", "t.json", "--tune", "off")
      #expect(outcome.status == 0, "\(outcome.errors)")
      try command.expectWhole(rows: 3)
      let table = try ReadTable(command.path("t.json"))
      let device = try #require(table.object["device"] as? [String: Any])
      // Vectors of this processor have 256 bits.
      #expect(device["name"] as? String == "llvmpipe (LLVM 15.0.6, 128 bits)")
      for row in table.rows {
        let check = try #require(row["check"] as? [String: Any])
        #expect(
          try #require(check["maxRelativeError"] as? Double)
            <= #require(check["tolerance"] as? Double))
        #expect(check["points"] as? Int != 0)
      }
    }
  }
}
