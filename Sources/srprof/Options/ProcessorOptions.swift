internal import ArgumentParser
internal import FoundationEssentials
internal import Kernels
internal import Measurement
internal import Tables
internal import Workloads
internal import XNNPACK

/// How `--device cpu` measures: through XNNPACK.
struct ProcessorOptions: ParsableArguments {
  /// What `--device` says for the processor.
  static let device = "cpu"

  @Option(
    help: "Threads that share the work of each operator, with --device cpu (default: all cores).")
  var threads: Int?

  @Flag(
    help: """
      With --device cpu, run pruned convolutions dense, with zeros in them, where XNNPACK cannot skip them.
      """)
  var ignoreSparsity = false

  func validate() throws {
    if let threads, !(1...1024 ~= threads) {
      throw ValidationError("--threads is a number from 1 to 1024.")
    }
  }

  /// Throws if something was asked for that only the processor has.
  func refuse() throws(CommandFailure) {
    if threads != nil || ignoreSparsity {
      throw CommandFailure(
        .usage, "\(threads != nil ? "--threads" : "--ignore-sparsity") needs --device cpu")
    }
  }

  /// The processor, ready to measure.
  func open() throws(CommandFailure) -> XNNPACKBackend {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads = threads ?? cores
    if threads > cores {
      Terminal.note("note: \(threads) threads share \(cores) cores: they will wait for one another")
    }
    let library = try Self.library()
    do throws(Failure) {
      return try XNNPACKBackend(
        library, threads: threads, ignoringSparsity: ignoreSparsity,
        version: SRProf.version)
    } catch {
      throw CommandFailure(.noDevice, error.reason)
    }
  }

  /// The processor as all of its cores would measure it.
  static func engine() throws(CommandFailure) -> DeviceDescription {
    let library = try library()
    return DeviceDescription(library, threads: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The library, or which package has it.
  static func library() throws(CommandFailure) -> Library {
    let path = ProcessInfo.processInfo.environment["SRPROF_XNNPACK"].flatMap {
      $0.isEmpty ? nil : $0
    }
    do throws(XNNPACKError) { return try Library(path: path) } catch {
      let advice = error.reason == .noLibrary ? "; install libxnnpack0" : ""
      throw CommandFailure(.noDevice, error.description + advice)
    }
  }
}

extension XNNPACKBackend {
  /// The workloads that XNNPACK has no operators for, and why.
  func misfits(among workloads: [Workload]) -> [(workload: Workload, failure: Failure)] {
    workloads.compactMap { workload in
      do throws(Failure) {
        _ = try schedules(for: workload, effort: .quick)
        return nil
      } catch {
        return (workload, error)
      }
    }
  }
}
