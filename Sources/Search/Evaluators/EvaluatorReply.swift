internal import Files

/// An evaluator's words of itself before it works.
public struct EvaluatorReady: Hashable, Sendable {
  public var name: String
  public var version: String
  public var device: String
  /// The member of the quality that is searched by.
  public var metric: String
  /// Whether more of it is better.
  public var maximizes: Bool
  /// Training steps that it suggests for one evaluation.
  public var fidelities: [Int]
}

/// The result of a request.
public struct EvaluatorResult: Hashable, Sendable {
  public var quality: [String: Double]
  public var steps: Double?
  public var seconds: Double?
  /// Path of the trained weights.
  public var weights: String?
  /// Path of the group norms, after `reweight`.
  public var norms: String?
}

/// A line of an evaluator.
enum EvaluatorReply {
  case ready(EvaluatorReady)
  case progress(id: String, step: Double, value: Double?)
  case result(id: String, EvaluatorResult)
  case failed(id: String, kind: String, message: String, retry: Bool)

  /// - Throws: What is wrong with the line, as the end of a sentence about the evaluator.
  init(line: [UInt8]) throws(EvaluatorFault) {
    try self.init(try Message(line: line), defaultType: nil)
  }

  /// Reads a line that people write: without a type it is a result, or a failure where there is no quality.
  init(told line: [UInt8]) throws(EvaluatorFault) {
    let message = try Message(line: line)
    try self.init(message, defaultType: message.members("quality").isEmpty ? "failed" : "result")
  }

  private init(_ message: Message, defaultType: String?) throws(EvaluatorFault) {
    switch message.text("type") ?? defaultType {
    case "ready":
      guard message.number("protocol") == 1 else {
        throw EvaluatorFault("speaks another version of the protocol, which is 1")
      }
      guard let metric = message.text("metric") else {
        throw EvaluatorFault("does not say by which metric it judges")
      }
      let direction = message.text("direction") ?? "maximize"
      guard direction == "maximize" || direction == "minimize" else {
        throw EvaluatorFault("has direction '\(direction)', not maximize or minimize")
      }
      self = .ready(
        EvaluatorReady(
          name: message.text("name") ?? "", version: message.text("version") ?? "",
          device: message.text("device") ?? "", metric: metric,
          maximizes: direction == "maximize",
          fidelities: message.numbers("fidelities").compactMap { Int(exactly: $0) }))
    case "progress":
      self = .progress(
        id: message.id, step: message.number("step") ?? 0,
        value: message.number("value"))
    case "result":
      self = .result(
        id: message.id,
        EvaluatorResult(
          quality: message.members("quality"), steps: message.number("steps"),
          seconds: message.number("seconds"), weights: message.text("weights"),
          norms: message.text("norms")))
    case "failed":
      self = .failed(
        id: message.id, kind: message.text("kind") ?? "other",
        message: message.text("message") ?? "no reason was given",
        retry: message.flag("retry") ?? false)
    case let type:
      throw EvaluatorFault("wrote a message of type '\(type ?? "")', which is none")
    }
  }
}

/// A fault of an evaluator: the end of a sentence about it.
struct EvaluatorFault: Error {
  let sentence: String

  init(_ sentence: String) {
    self.sentence = sentence
  }
}

/// An object of JSON on one line.
private struct Message {
  private let reader: JSONReader

  init(line: [UInt8]) throws(EvaluatorFault) {
    var reader = JSONReader(line)
    do throws(JSONError) {
      try reader.readValue()
      guard reader.peek() == nil, reader.tokens[0].kind == .object else {
        throw reader.failure("an object is missing")
      }
    } catch {
      let text = String(
        decoding: line.prefix(120).map { $0 >= 32 && $0 < 127 ? $0 : 46 }, as: UTF8.self)
      let isNotFinite = ["NaN", "Infinity"].contains {
        String(decoding: line, as: UTF8.self).contains($0)
      }
      throw EvaluatorFault(
        isNotFinite
          ? "gave a number that is not finite: '\(text)'"
          : "wrote a line that is no message: '\(text)'")
    }
    self.reader = reader
  }

  private func value(_ name: String) -> Int? { reader.value(name) }

  /// A text, or a whole number as people may write it.
  var id: String {
    text("id") ?? number("id").flatMap { Int(exactly: $0) }.map { "\($0)" } ?? ""
  }

  func text(_ name: String) -> String? { value(name).flatMap { reader.text(reader.tokens[$0]) } }

  func number(_ name: String) -> Double? { value(name).flatMap(number) }

  private func number(_ index: Int) -> Double? {
    let token = reader.tokens[index]
    guard token.kind == .number else { return nil }
    let number = reader.number(token)
    return number.isFinite ? number : nil
  }

  func flag(_ name: String) -> Bool? {
    switch value(name).map({ reader.tokens[$0].kind }) {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  func numbers(_ name: String) -> [Double] {
    guard let list = value(name), reader.tokens[list].kind == .array else { return [] }
    var numbers: [Double] = []
    var index = list + 1
    while index < reader.tokens[list].next {
      if let number = number(index) { numbers.append(number) }
      index = reader.tokens[index].next
    }
    return numbers
  }

  /// The members of an object that are finite numbers.
  func members(_ name: String) -> [String: Double] {
    value(name).map { reader.numbers(of: $0) } ?? [:]
  }
}
