internal import Files
internal import Networks
internal import Search

extension SearchedNetwork {
  /// The network of a file named on the command line.
  init(argument file: String) throws(CommandFailure) {
    let bytes: [UInt8]
    do throws(FileContents.Failure) { bytes = try FileContents.read(file) } catch {
      throw CommandFailure(.inputOutput, "\(file): \(error.reason)")
    }
    do throws(InvalidNetwork) { try self.init(json: bytes) } catch {
      throw CommandFailure(.badFile, "\(file): \(error.description)")
    }
  }
}

extension Candidate {
  /// The candidate of a file named on the command line.
  init(argument file: String) throws(CommandFailure) {
    guard case .candidate(let candidate) = try SearchedNetwork(argument: file) else {
      throw CommandFailure(.badFile, "\(file): a network of splitsr, and one of cells is asked for")
    }
    self = candidate
  }
}
