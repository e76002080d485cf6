internal import ArgumentParser
internal import Glibc

/// The command `srprof`: measures how long neural-network operators take on a device.
@main
struct SRProf: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "srprof",
    abstract: "Measures how long super-resolution operators take on your GPU.",
    discussion: """
      Example: srprof measure --device 0 --profile quick --output my-gpu.json

      Exit codes: 0 done; 1 some rows failed or, after a merge, are missing, some networks could not be run, \
      or nothing that a search asks for meets the latency; 2 a row is slower than allowed; 64 wrong usage; 65 \
      a file is broken, or of another kind or version, or lacks rows that --exact asks for, or a \
      store has no races of the device; 69 no such device, \
      it was lost for good, there is no way to it, or a network's kernel is wrong there, or a search's evaluator \
      cannot be used; 74 a file cannot be \
      read or written; 75 the device or the search is busy; 129, 130, 143 interrupted.

      Environment: SRPROF_VALIDATE=1 runs under the Vulkan validation layer, SRPROF_SHADERS=DIR \
      takes shaders from a folder, SRPROF_VULKAN_LOADER=FILE names the Vulkan loader, \
      SRPROF_LOCKS=DIR the folder of device locks (default /tmp), SRPROF_SSH and SRPROF_ADB other programs \
      than ssh and adb, NO_COLOR turns colour off.
      """,
    version: version,
    subcommands: [
      Measure.self, Inspect.self, Devices.self, ListProfiles.self, Show.self, Compare.self,
      Merge.self, Best.self, Export.self, ReportCommand.self, ListNetworks.self, Predict.self,
      NAS.self,
      SearchCommand.self, Prune.self, Explore.self, Run.self, Calibrate.self, Validate.self,
      Schema.self,
    ])

  /// Version of the tool, stamped into every table.
  static let version = "0.1.0"

  static func main() {
    do {
      try RepeatedOptions.refuse(in: Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      Terminal.printError(failure.message)
      Glibc.exit(failure.status.rawValue)
    } catch  where exitCode(for: error) == .success || error is ExitCode {
      // Help, version, completion scripts, and codes chosen by a command.
      exit(withError: error)
    } catch {
      var text = message(for: error)
      if text.hasSuffix(".") { text.removeLast() }
      Terminal.printError("\(text) (see srprof --help)")
      Glibc.exit(exitCode(for: error).rawValue)
    }
  }
}
