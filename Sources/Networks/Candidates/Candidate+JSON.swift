extension Candidate {
  /// Reads a candidate as people and programs write it, and validates it.
  ///
  /// ```json
  /// {"scale": 2, "output": "1280x720", "channels": 24, "cells": [
  ///   {"block": "wdsr-a"},
  ///   {"block": "wdsr-b", "middle": [144, 20], "layers": [
  ///     {"scheme": "filter", "rate": 2}, {"scheme": "block-punched", "rate": 4},
  ///     {"scheme": "pattern"}]}]}
  /// ```
  ///
  /// `output`, by default 1280x720, may be `input`; `middle` has the block's usual widths and `layers`
  /// no pruning by default; a pattern's rate is 1 where none is given; `seed` is 1.
  ///
  /// - Throws: What is wrong, with its line or its place: `cells[3].layers[0].scheme: ...`.
  public init(json bytes: [UInt8]) throws(InvalidNetwork) {
    let file = try JSONValue(parsing: bytes)
    let members = try file.members("scale", "output", "input", "channels", "cells", "seed")
    scale = try file.required("scale", in: members).wholeNumber()
    channels = try file.required("channels", in: members).wholeNumber()
    seed = 1
    if let value = members["seed"] {
      guard let seed = UInt32(exactly: try value.wholeNumber()) else {
        throw value.error("is 0 to \(UInt32.max)")
      }
      self.seed = seed
    }
    if let value = members["input"], members["output"] != nil {
      throw value.error("input and output exclude each other, as one gives the other")
    }
    if let size = try members["input"]?.imageSize() {
      input = size
    } else {
      let size = try members["output"]?.imageSize() ?? .standard
      // A scale that cannot be is found by validation.
      input = size.divided(by: min(max(scale, 1), 4))
    }
    cells = []
    for cell in try file.required("cells", in: members).list() {
      cells.append(try Cell(cell, channels: channels))
    }
    try validate()
  }

  /// The candidate as ``init(json:)`` reads it, a cell on each line.
  public var json: String {
    let cells = cells.map { "    \($0.json)" }.joined(separator: ",\n")
    return """
      {
        "scale": \(scale), "input": "\(input)", "channels": \(channels), "seed": \(seed),
        "cells": [
      \(cells)
        ]
      }

      """
  }
}

extension Candidate.Cell {
  fileprivate init(_ value: JSONValue, channels: Int) throws(InvalidNetwork) {
    let members = try value.members("block", "middle", "layers")
    let block: Candidate.Block = try value.required("block", in: members).word("block")
    // Too many channels are found by validation; until then they must not overflow.
    var middle = block.middle(channels: min(max(channels, 1), 1 << 20))
    if let given = members["middle"] {
      middle = try given.list().map { width throws(InvalidNetwork) in try width.wholeNumber() }
    }
    let layers = try members["layers"]?.list().map { layer throws(InvalidNetwork) in
      try Candidate.Layer(layer)
    }
    self.init(block, middle: middle, layers: layers)
  }

  fileprivate var json: String {
    let layers = layers.map(\.json).joined(separator: ", ")
    return "{\"block\": \"\(block.rawValue)\", \"middle\": \(middle), \"layers\": [\(layers)]}"
  }
}

extension Candidate.Layer {
  fileprivate init(_ value: JSONValue) throws(InvalidNetwork) {
    let members = try value.members("scheme", "rate")
    let scheme: PruningScheme = try value.required("scheme", in: members).word("scheme")
    let rate = try members["rate"]?.number()
    guard rate != nil || scheme == .none || scheme == .pattern else {
      throw value.error("\(scheme.rawValue) needs a rate, as in \"rate\": 4")
    }
    self.init(scheme, rate: rate ?? 1)
  }

  fileprivate var json: String {
    scheme == .none
      ? "{\"scheme\": \"none\"}"
      : "{\"scheme\": \"\(scheme.rawValue)\", \"rate\": \(numberText(rate))}"
  }
}

extension JSONValue {
  fileprivate func imageSize() throws(InvalidNetwork) -> ImageSize {
    let text = try text()
    guard let size = ImageSize(text) else {
      throw error("is WIDTHxHEIGHT, as in \"1280x720\", not \"\(text)\"")
    }
    return size
  }
}
