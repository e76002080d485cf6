public import Networks
public import Tables
internal import Workloads

/// Latencies of many candidates from one table, prepared as they come: what two candidates have in common is
/// predicted once.
///
/// Workloads of WDSR's cells depend on the cell's own choices, the channels and the image alone. So a candidate of them
/// costs a look-up for each of its cells, by their text. Candidates with other blocks are lowered whole.
public final class BatchPredictor {
  /// A candidate's latency, as ``NetworkPrediction`` says it.
  public struct Answer: Hashable, Sendable {
    /// Undisturbed latency.
    public let nanoseconds: Double
    /// Ends of the 95 % interval.
    public let lowNanoseconds: Double
    public let highNanoseconds: Double
  }

  private let table: LatencyTable
  private var rows: BatchRows
  private let exactOnly: Bool
  /// The common parts of candidates of one image, scale and width, and their cells.
  private var contexts: [Context] = []
  private var contextsByKey: [ContextKey: Int] = [:]
  /// Contexts by the text outside of the cells.
  private var contextsByText: [ByteKey: Int] = [:]

  /// Texts that are kept, at most: a seed of its own makes each candidate's another.
  private static let mostTexts = 1 << 12

  private struct ContextKey: Hashable {
    let scale: Int
    let input: ImageSize
    let channels: Int
  }

  private struct Context {
    /// Rows outside of the cells.
    let fixed: [BatchRows.Use]
    /// Rows of cells; `nil` for those whose rows depend on the cells beside them.
    var cells: [ByteKey: [BatchRows.Use]?] = [:]
  }

  /// Prepares a table.
  ///
  /// - Parameter exactOnly: Whether every row has to be in the table.
  public init(
    _ table: LatencyTable, predictor: LatencyPredictor, exactOnly: Bool = false
  ) {
    self.table = table
    self.exactOnly = exactOnly
    rows = BatchRows(predictor)
  }

  /// The latency of a candidate as ``Candidate/init(json:)`` reads it.
  ///
  /// - Throws: What is wrong with it, or why it cannot be predicted; one sentence.
  public func answer(_ json: UnsafeBufferPointer<UInt8>) throws(InvalidNetwork) -> Answer {
    guard let line = CandidateLine(json), !line.cells.isEmpty else {
      // Its own reader says what is wrong.
      return try answer(Candidate(json: Array(json)))
    }
    guard line.cells.count <= 256 else {
      throw InvalidNetwork("cells: are 1 to 256, not \(line.cells.count)")
    }
    let context = try context(of: line, json)
    rows.begin()
    for use in contexts[context].fixed { rows.add(use) }
    for cell in line.cells {
      let key = ByteKey(json[cell])
      let uses: [BatchRows.Use]?
      if let known = contexts[context].cells[key] {
        uses = known
      } else {
        uses = try self.uses(ofCell: cell, of: line, json)
        contexts[context].cells[key] = .some(uses)
      }
      guard let uses else { return try answer(Candidate(json: Array(json))) }
      for use in uses { rows.add(use) }
    }
    return rows.total()
  }

  private func context(
    of line: CandidateLine, _ json: UnsafeBufferPointer<UInt8>
  ) throws(InvalidNetwork) -> Int {
    let text = ByteKey(json[line.head], json[line.tail])
    if let known = contextsByText[text] { return known }
    var candidate = try candidate(of: line.cells[0], of: line, json)
    // Other cells than WDSR's change what is outside of them.
    candidate.cells = [Candidate.Cell(.wdsrA, middle: [candidate.channels])]
    let key = ContextKey(
      scale: candidate.scale, input: candidate.input, channels: candidate.channels)
    let index: Int
    if let known = contextsByKey[key] {
      index = known
    } else {
      index = contexts.count
      contexts.append(Context(fixed: try uses(of: candidate) { !$0 }))
      contextsByKey[key] = index
    }
    if contextsByText.count >= Self.mostTexts { contextsByText = [:] }
    contextsByText[text] = index
    return index
  }

  /// Rows of a cell; `nil` if they depend on the cells beside it.
  private func uses(
    ofCell cell: Range<Int>, of line: CandidateLine, _ json: UnsafeBufferPointer<UInt8>
  ) throws(InvalidNetwork) -> [BatchRows.Use]? {
    do throws(InvalidNetwork) {
      let candidate = try candidate(of: cell, of: line, json)
      return candidate.cells.allSatisfy(\.block.isIndependent)
        ? try uses(of: candidate) { $0 } : nil
    } catch {
      // Read alone, the cell is the first.
      guard let place = line.cells.firstIndex(of: cell), place > 0,
        error.description.hasPrefix("cells[0]")
      else { throw error }
      throw InvalidNetwork("cells[\(place)]" + error.description.dropFirst("cells[0]".count))
    }
  }

  /// The latency of a candidate whose text could not be cut.
  private func answer(_ candidate: Candidate) throws(InvalidNetwork) -> Answer {
    let uses = try uses(of: candidate) { _ in true }
    rows.begin()
    for use in uses { rows.add(use) }
    return rows.total()
  }

  /// The candidate that has one cell of a line alone.
  private func candidate(
    of cell: Range<Int>, of line: CandidateLine, _ json: UnsafeBufferPointer<UInt8>
  ) throws(InvalidNetwork) -> Candidate {
    try Candidate(json: Array(json[line.head]) + Array(json[cell]) + Array(json[line.tail]))
  }

  /// Rows of a candidate of one cell: those of the cell, or those outside.
  private func uses(
    of candidate: Candidate, where isWanted: (_ isOfCell: Bool) -> Bool
  ) throws(InvalidNetwork) -> [BatchRows.Use] {
    let graph = try candidate.graph()
    let network: LoweredNetwork
    do throws(InvalidGraph) { network = try table.lowering(of: graph) } catch {
      throw InvalidNetwork(error.description)
    }
    var uses: [BatchRows.Use] = []
    for step in network.steps
    where isWanted(step.nodes.contains { $0.hasPrefix("cell0.") }) {
      do throws(PredictionError) {
        uses.append(try rows.use(of: step.workload, exactOnly: exactOnly))
      } catch {
        throw InvalidNetwork("\(error)")
      }
    }
    return uses
  }
}

/// Bytes as a key: their hash, and themselves.
private struct ByteKey: Hashable {
  private let hash: UInt64
  private let bytes: [UInt8]

  init(_ parts: Slice<UnsafeBufferPointer<UInt8>>...) {
    bytes = parts.count == 1 ? Array(parts[0]) : parts.flatMap(\.self)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    bytes.withUnsafeBytes { raw in
      var offset = 0
      while offset + 8 <= raw.count {
        let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        offset += 8
      }
      while offset < raw.count {
        hash = (hash ^ UInt64(raw[offset])) &* 0x0000_0100_0000_01B3
        offset += 1
      }
    }
    self.hash = hash
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  static func == (one: Self, other: Self) -> Bool {
    one.hash == other.hash && one.bytes == other.bytes
  }
}
