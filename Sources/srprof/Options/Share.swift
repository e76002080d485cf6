internal import ArgumentParser

/// A share in per cent on the command line, with or without the sign.
struct Share: ExpressibleByArgument {
  let value: Double

  init?(argument: String) {
    let digits = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
    guard let percent = Double(digits), percent >= 0, percent.isFinite else { return nil }
    value = percent / 100
  }
}
