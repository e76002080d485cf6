internal import Search
internal import SearchExamples

/// The small search in a process of its own: search-process DIRECTORY MODE WORKERS ROUNDS LOG
@main struct SearchProcess {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 5, let workers = Int(arguments[2]), let rounds = Int(arguments[3])
    else { return print("search-process DIRECTORY MODE WORKERS ROUNDS LOG") }
    do {
      let run = try SmallSearch().run(arguments[0])
      let ending = try run.run(
        rounds: rounds,
        evaluator: SmallSearch.evaluator(
          arguments[1], workers: workers, log: arguments[4], silence: 20))
      print("\(ending)")
    } catch {
      print("\(error)")
    }
  }
}
