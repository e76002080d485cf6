import Workloads
import Yams

extension Sweep {
  /// The operators a profile may name, with the keys of each.
  private static let operators: KeyValuePairs<String, [String]> = [
    "convolution": [
      "kernel", "channels", "inputs", "outputs", "stride", "groups", "activation", "epilogue",
      "residual", "shuffle", "passing", "sparsity", "maps",
    ],
    "depthwise": ["kernel", "channels", "stride", "activation", "epilogue", "residual", "maps"],
    "add": ["channels", "maps"],
    "pixelShuffle": ["factor", "channels", "maps"],
    "concat": ["channels", "maps"],
    "channelScale": ["channels", "maps"],
    "globalAveragePool": ["channels", "maps"],
    "multiply": ["channels", "maps"],
    "copy": ["channels", "maps"],
    "resize": ["mode", "factor", "channels", "maps"],
  ]

  /// Reads one item of `workloads`: a map from one operator to its axes.
  ///
  /// - Parameters:
  ///   - maps: The profile's own maps, for an item that has none.
  ///   - elementTypes: The axis that every item has.
  ///   - readFile: Reads the masks that the item names.
  init(
    item: Value, maps: Axis?, elementTypes: Axis, readFile: Profile.FileReader
  ) throws(ProfileError) {
    let choice = try Choice(
      item, of: "operator",
      "an item of workloads is one operator and its axes, such as 'add: { channels: 32 }'",
      in: Self.operators)
    let fields = try Fields(choice.value, Self.subject(choice.word), keys: choice.keys)
    var (axes, operation) = try Self.axes(of: choice.word, fields)
    if let sparsity = fields["sparsity"] {
      axes.append(try Pruning.axis(sparsity, readFile))
    }
    guard let maps = try fields["maps"].map(Self.maps) ?? maps else {
      throw fields.error("\(fields.subject) needs maps, its own or the profile's")
    }
    self.init(
      file: item.file, position: choice.position, axes: [elementTypes, maps] + axes,
      operation: operation)
  }

  /// An axis of `[height, width]` pairs.
  static func maps(_ value: Value) throws(ProfileError) -> Axis {
    try pairs(value, ("height", "width"), (.height, .width)) {
      $0.height = $1
      $0.width = $2
    }
  }

  private static func subject(_ name: String) -> String {
    name == "add" ? "an add" : "a \(name)"
  }

  private static func axes(
    of name: String, _ fields: Fields
  ) throws(ProfileError) -> ([Axis], (Point) -> Operation) {
    switch name {
    case "convolution":
      var axes = try channelPairs(fields) + convolutionAxes(fields)
      if let groups = fields["groups"] {
        axes.append(try numbers(groups, .groups) { $0.convolution.groups = $1 })
      }
      if let shuffle = fields["shuffle"] {
        axes.append(try numbers(shuffle, .shuffle) { $0.convolution.shuffle = $1 })
      }
      if let passing = fields["passing"] {
        axes.append(try numbers(passing, .passing) { $0.convolution.passing = $1 })
      }
      return (axes, { .convolution($0.convolution) })
    case "depthwise":
      let channels = try numbers(fields.required("channels"), .inputs) {
        $0.convolution.inputs = $1
        $0.convolution.outputs = $1
        $0.convolution.groups = $1
      }
      return (try [channels] + convolutionAxes(fields), { .convolution($0.convolution) })
    case "pixelShuffle":
      let factor = try numbers(fields.required("factor"), .factor) { $0.factor = $1 }
      let channels = try numbers(fields.required("channels"), .channels) { $0.channels = $1 }
      return ([factor, channels], { .pixelShuffle(factor: $0.factor, channels: $0.channels) })
    case "resize":
      let modes = try fields.required("mode").scalars().map { (element) throws(ProfileError) in
        let words = Interpolation.allCases.map(\.rawValue)
        let chosen = try element.word(words) { Interpolation(rawValue: $0) }
        return { (point: inout Point) in point.mode = chosen }
      }
      let factor = try numbers(fields.required("factor"), .factor) { $0.factor = $1 }
      let channels = try numbers(fields.required("channels"), .channels) { $0.channels = $1 }
      return (
        [modes, factor, channels], { .resize($0.mode, factor: $0.factor, channels: $0.channels) }
      )
    case "concat":
      let channels = try pairs(
        fields.required("channels"), ("first", "second"), (.first, .second)
      ) {
        $0.channels = $1
        $0.second = $2
      }
      return ([channels], { .concat(first: $0.channels, second: $0.second) })
    default:
      let channels = try numbers(fields.required("channels"), .channels) { $0.channels = $1 }
      switch name {
      case "add": return ([channels], { .add(channels: $0.channels) })
      case "channelScale": return ([channels], { .channelScale(channels: $0.channels) })
      case "multiply": return ([channels], { .multiply(channels: $0.channels) })
      case "copy": return ([channels], { .copy(channels: $0.channels) })
      default: return ([channels], { .globalAveragePool(channels: $0.channels) })
      }
    }
  }

  /// Either pairs that occur together, or every number of inputs with every number of outputs.
  private static func channelPairs(_ fields: Fields) throws(ProfileError) -> [Axis] {
    if let channels = fields["channels"] {
      for key in ["inputs", "outputs"] {
        if let other = fields[key] {
          throw other.error("give channels, or inputs and outputs, but not channels and \(key)")
        }
      }
      return [
        try pairs(channels, ("in", "out"), (.inputs, .outputs)) {
          $0.convolution.inputs = $1
          $0.convolution.outputs = $2
        }
      ]
    }
    guard let inputs = fields["inputs"], let outputs = fields["outputs"] else {
      throw fields.error(
        "\(fields.subject) needs channels (a list of [in, out] pairs), or inputs and outputs")
    }
    return [
      try numbers(inputs, .inputs) { $0.convolution.inputs = $1 },
      try numbers(outputs, .outputs) { $0.convolution.outputs = $1 },
    ]
  }

  /// What every convolution has beside its channels.
  private static func convolutionAxes(_ fields: Fields) throws(ProfileError) -> [Axis] {
    if let activation = fields["activation"], fields["epilogue"] != nil {
      throw activation.error("activation and epilogue mean the same; give one of them")
    }
    let activationKey = fields["epilogue"] == nil ? "activation" : "epilogue"
    var axes = [try numbers(fields.required("kernel"), .kernel) { $0.convolution.kernel = $1 }]
    if let stride = fields["stride"] {
      axes.append(try numbers(stride, .stride) { $0.convolution.stride = $1 })
    }
    if let activation = fields[activationKey] {
      axes.append(
        try activation.scalars().map { (element) throws(ProfileError) in
          let words = ["none", "relu", "prelu", "clip", "clip[0,6]", "sigmoid", "tanh"]
          let chosen = try element.word(words) { Activation($0) }
          let position = element.position
          return {
            $0.convolution.activation = chosen
            $0.positions[.activation] = position
          }
        })
    }
    if let residual = fields["residual"] {
      axes.append(
        try residual.scalars().map { (element) throws(ProfileError) in
          let words = Residual.allCases.map(\.rawValue)
          let chosen = try element.word(words) { Residual(rawValue: $0) }
          return { $0.convolution.residual = chosen }
        })
    }
    return axes
  }
}
