internal import ArgumentParser
internal import Devices
internal import Kernels
internal import Measurement
internal import Profiles
internal import Tables
internal import Workloads

/// `srprof inspect`: what the compilers make of kernels, without running them.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile kernels without running them, and print what the compilers say.",
    discussion: """
      Nothing is executed, so a driver will do that has no device behind it. Instructions, registers, \
      waves and spills are there where the driver has VK_KHR_pipeline_executable_properties; their \
      units are the driver's. --json adds everything under the driver's own names.

      Example: srprof inspect --device 0 --profile quick --only 'conv3x3 *' --all
      """)

  @OptionGroup var target: DeviceOptions

  @Option(help: "Name of a shipped profile (see srprof profiles), or a path to a YAML file.")
  var profile = "quick"

  @Option(
    help: """
      Inspect only workloads whose name has a word for each word of the pattern, such as \
      'conv3x3 32->*'; may be given several times.
      """)
  var only: [String] = []

  @Option(help: "Compile by the schedule of this name, whatever the standard one is.")
  var schedule: String?

  @Flag(help: "Compile by every schedule that fits, not only the standard one.")
  var all = false

  @Flag(help: "Print JSON: one object for each kernel.")
  var json = false

  func validate() throws {
    if schedule != nil, all {
      throw ValidationError("--schedule names one, --all takes every schedule: one of them.")
    }
  }

  func run() throws {
    let profile = try ProfileChoice(profile).profile
    let workloads = try profile.workloads.matching(
      only: only, of: "profile \(profile.name)")
    let chosen = try parsedSchedule()
    let (instance, device) = try target.find()
    let inspector = try target.inspector(for: device, of: instance)
    var kernels: [InspectedKernel] = []
    for workload in workloads {
      let outcomes =
        if let chosen {
          [inspector.outcome(workload, by: chosen)]
        } else {
          all ? inspector.all(for: workload) : [inspector.standard(for: workload)]
        }
      kernels += outcomes.map { InspectedKernel(workload, $0.schedule, $0.compiled) }
    }
    try Terminal.output(json ? kernels.prettyJSON() : InspectedKernel.text(kernels))
    let failed = kernels.count(where: \.isFailure)
    if failed > 0 {
      throw CommandFailure(.someRowsFailed, "\(failed) of \(kernels.count) kernels failed")
    }
  }

  private func parsedSchedule() throws(CommandFailure) -> Schedule? {
    guard let schedule else { return nil }
    do throws(InvalidSchedule) { return try Schedule(parsing: schedule) } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}
