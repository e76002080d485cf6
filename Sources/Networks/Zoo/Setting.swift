/// A key of a family with the type of its values.
struct Setting<Value: Sendable>: Sendable {
  let key: NetworkFamily.Key
  let fallback: Value
  /// The value of a text; `nil` for what the key cannot be.
  let read: @Sendable (String) -> Value?

  private init(
    _ name: String, _ fallback: Value, _ meaning: String, values: String, choices: [String] = [],
    text: @escaping @Sendable (Value) -> String, read: @escaping @Sendable (String) -> Value?
  ) {
    self.fallback = fallback
    self.read = read
    key = NetworkFamily.Key(
      name: name, fallback: text(fallback), values: values, choices: choices, meaning: meaning,
      canonical: { read($0).map(text) })
  }
}

extension Setting<Int> {
  static func whole(
    _ name: String, _ fallback: Int, _ range: ClosedRange<Int>, _ meaning: String
  ) -> Setting {
    Setting(
      name, fallback, meaning,
      values: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      text: { "\($0)" }, read: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } })
  }

  static func whole(
    _ name: String, _ fallback: Int, of choices: [Int], _ meaning: String
  ) -> Setting {
    let words = choices.map { "\($0)" }
    return Setting(
      name, fallback, meaning,
      values: words.dropLast().joined(separator: ", ") + " or \(words.last ?? "")", choices: words,
      text: { "\($0)" }, read: { text in Int(text).flatMap { choices.contains($0) ? $0 : nil } })
  }
}

extension Setting<Double> {
  /// Written as `0.25` or `1/4`.
  static func number(
    _ name: String, _ fallback: Double, _ range: ClosedRange<Double>, _ meaning: String
  ) -> Setting {
    Setting(
      name, fallback, meaning,
      values: "a number from \(numberText(range.lowerBound)) to \(numberText(range.upperBound))",
      text: numberText, read: { text in number(text).flatMap { range.contains($0) ? $0 : nil } })
  }

  private static func number(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    switch parts.count {
    case 1: return parts[0]
    case 2: return parts[0].flatMap { above in parts[1].map { above / $0 } }
    default: return nil
    }
  }
}

extension Setting
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  static func word(_ name: String, _ fallback: Value, _ meaning: String) -> Setting {
    let words = Value.allCases.map(\.rawValue)
    return Setting(
      name, fallback, meaning, values: words.joined(separator: ", "), choices: words,
      text: { $0.rawValue },
      read: { Value(rawValue: $0) })
  }
}

extension Setting<ImageSize?> {
  /// A size, or `auto` for none.
  static func optionalSize(_ name: String, _ meaning: String) -> Setting {
    Setting(
      name, nil, meaning, values: "auto or WIDTHxHEIGHT, each from 1 to \(ImageSize.largest)",
      text: { $0.map { "\($0)" } ?? "auto" },
      read: { text in text == "auto" ? .some(nil) : ImageSize(text).map(Optional.some) })
  }
}

extension Setting<ImageSize> {
  static func size(_ name: String, _ fallback: ImageSize, _ meaning: String) -> Setting {
    Setting(
      name, fallback, meaning, values: "WIDTHxHEIGHT, each from 1 to \(ImageSize.largest)",
      text: { "\($0)" }, read: { ImageSize($0) })
  }
}

/// Settings that were given; others have their defaults.
struct Settings: Hashable, Sendable {
  /// Canonical texts by key.
  var texts: [String: String] = [:]

  subscript<Value>(_ setting: Setting<Value>) -> Value {
    texts[setting.key.name].flatMap(setting.read) ?? setting.fallback
  }
}

/// `0.8`, `4`: as short as it can be read back from.
func numberText(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
