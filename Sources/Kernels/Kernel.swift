public import Workloads

/// A shader with everything needed to run it: text, constants, operands and dispatch.
public struct Kernel: Sendable {
  /// One operand and where the shader finds it; its position is the binding number.
  public struct Binding: Hashable, Sendable {
    /// Its name in the shader.
    public let name: String
    public let placement: Schedule.Placement
    /// The type of the numbers in the buffer.
    public let elementType: ElementType
    /// The contents of the buffer.
    public let content: Content
    /// Texels that one uniform block sees; more are bound as an array of blocks.
    let sliceTexels: Int

    /// Texels of four numbers.
    public var texelCount: Int {
      switch content {
      case .activation(_, let layout): layout.texelCount
      case .parameters(let packed): packed.texelCount
      case .places(let table): table.texelCount
      }
    }

    /// Size of the buffer in bytes.
    public var byteCount: Int {
      let bytes = texelCount * 4 * elementType.byteCount
      guard placement == .uniformBuffer else { return bytes }
      if let slices { return slices.count * slices.bytes }
      // Texels of 16 bits are read by two.
      return (bytes + 15) / 16 * 16
    }

    /// The uniform blocks of one size that see the buffer, where one cannot.
    public var slices: (count: Int, bytes: Int)? {
      guard placement == .uniformBuffer, texelCount > sliceTexels else { return nil }
      let count = texelCount.dividedUp(by: sliceTexels)
      return (count, sliceTexels * 4 * elementType.byteCount)
    }
  }

  /// The contents of a buffer, and their order.
  public enum Content: Hashable, Sendable {
    /// An activation in the canonical layout.
    case activation(Operand, ActivationLayout)
    /// Learned numbers, packed as the kernel reads them.
    case parameters(PackedParameters)
    /// Which weights are kept.
    case places(PlaceTable)
  }

  /// File in the shader library; for a kernel with its weights in the code, what it would be called.
  public let shader: String
  /// Writes the text in place of a file, for a kernel with its weights in the code.
  let code: CodedConvolution?
  /// Bindings in order of their numbers; the output comes last.
  public let bindings: [Binding]
  /// Preprocessor definitions: what changes declarations, types or unrolling.
  public let definitions: [(name: String, value: String)]
  /// Specialization constants in order of their ids: work-group shape first, then sizes and strides.
  public let constants: [(name: String, value: Int)]
  /// Work-groups along x, y and z.
  public let groups: (x: Int, y: Int, z: Int)
  /// Bytes of shared memory a work-group uses.
  public let sharedBytes: Int
  /// Turns of all loops of one invocation together, at most.
  public let turns: Int
  /// The type of sums and products.
  public let accumulator: ElementType
  /// How many times larger than of plain sums rounding errors are: 1 but for algorithms that trade
  /// multiplications for additions of unlike numbers.
  public let errorGrowth: Double

  /// Invocations of one work-group.
  public var invocationsOfGroup: Int { constants.prefix(3).reduce(1) { $0 * $1.value } }

  /// Values of the specialization constants, by id.
  public var constantValues: [UInt32] { constants.map { UInt32(truncatingIfNeeded: $0.value) } }

  /// A dispatch of one work-group that does nothing.
  public static let empty = Kernel(
    shader: "empty.comp", code: nil, bindings: [], definitions: [],
    constants: [("GROUP_X", 1), ("GROUP_Y", 1), ("GROUP_Z", 1)], groups: (1, 1, 1),
    sharedBytes: 0, turns: 0, accumulator: .float32, errorGrowth: 1)
}

extension Kernel.Binding {
  /// Fills a buffer of ``byteCount`` bytes with what the operand holds before the kernel runs; an
  /// output holds NaN.
  ///
  /// - Parameter value: The element of an operand at a row-major index, for an activation that of the
  ///   whole buffer; ``TestData/value(_:_:)``, or learned numbers.
  public func fill(
    _ bytes: UnsafeMutableRawBufferPointer, value: (Operand, Int) -> Float
  ) {
    switch elementType {
    case .float32: fill(bytes.bindMemory(to: Float.self), value)
    case .float16: fill(bytes.bindMemory(to: Float16.self), value)
    }
  }

  private func fill<Number: BinaryFloatingPoint>(
    _ whole: UnsafeMutableBufferPointer<Number>, _ value: (Operand, Int) -> Float
  ) {
    let buffer = UnsafeMutableBufferPointer(rebasing: whole.prefix(texelCount * 4))
    whole[buffer.count...].update(repeating: 0)
    switch content {
    case .activation(.output, let layout): layout.fill(buffer) { _ in .nan }
    case .activation(let operand, let layout):
      layout.fill(buffer) { value(operand, $0) }
    case .parameters(let packed):
      packed.fill(buffer) { value(packed.operand, $0) }
    case .places(let table):
      for (index, number) in table.numbers.enumerated() { buffer[index] = Number(number) }
    }
  }
}
