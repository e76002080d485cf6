import Networks
import Testing
import Workloads

/// Parameters and multiply-accumulates at 1280x720 output, as they are printed. At x3, where 1280
/// does not divide, printed numbers are those of 102,400 pixels, as of 320x320.
@Suite struct `Published counts` {
  /// What printed numbers count.
  enum Counting {
    case everything, withoutSlopes, weightsOnly
    /// Everything, and both mean shifts as 1x1 convolutions of 3 -> 3 channels, as EDSR's code has
    /// them.
    case withMeanShifts

    func parameters(_ graph: Graph) -> Int {
      let count = graph.parameterCount
      return switch self {
      case .everything: count.total
      case .withoutSlopes: count.weights + count.biases
      case .weightsOnly: count.weights
      case .withMeanShifts: count.total + 2 * (3 * 3 + 3)
      }
    }

    func macs(_ graph: Graph) -> Int {
      guard case .withMeanShifts = self else { return graph.macs }
      return [graph.input, graph.output].reduce(graph.macs) { sum, image in
        sum + 9 * graph[image].height * graph[image].width
      }
    }
  }

  struct Row: CustomTestStringConvertible {
    let network: String
    let parameters: String?
    let macs: String?
    let source: String
    let counting: Counting

    init(
      _ network: String, _ parameters: String?, _ macs: String?, _ source: String,
      counting: Counting = .everything
    ) {
      self.network = network
      self.parameters = parameters
      self.macs = macs
      self.source = source
      self.counting = counting
    }

    var testDescription: String { network }
  }

  static let recount = "recounted from the layers of the authors' code"

  static let rows: [Row] = [
    Row("splitsr:hybrid=0", "3.069M", "707.0G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=2", "2.210M", "509.5G", recount, counting: .withMeanShifts),
    Row("splitsr", "1.781M", "410.7G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=4", "1.352M", "312.0G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=6", "0.493M", "114.5G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=0,scale=4", "3.216M", "211.9G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=2,scale=4", "2.358M", "162.5G", recount, counting: .withMeanShifts),
    Row("splitsr:scale=4", "1.929M", "137.9G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=4,scale=4", "1.499M", "113.2G", recount, counting: .withMeanShifts),
    Row("splitsr:hybrid=6,scale=4", "0.641M", "63.8G", recount, counting: .withMeanShifts),
    Row("splitsr:alpha=1/8,scale=4", "1.897M", "136.1G", recount, counting: .withMeanShifts),
    Row("splitsr:alpha=0.5,scale=4", "2.053M", "145.0G", recount, counting: .withMeanShifts),
    Row("wdsr-a", "1187.5K", "273.0G", recount),
    Row("wdsr-a:scale=4", "1200.6K", "69.0G", recount),
    Row("wdsr-b", "299.6K", "68.1G", recount),
    Row("wdsr-b:scale=4", "312.7K", "17.8G", recount),
    Row("wdsr-a:channels=24", "669.7K", "153.8G", recount),
    Row("wdsr-a:channels=24,scale=4", "680.2K", "39.1G", recount),
    Row("wdsr-b:channels=24,linear=0.84", "177.7K", "40.2G", recount),
    Row("wdsr-b:channels=24,linear=0.84,scale=4", "188.2K", "10.7G", recount),
    Row("wdsr-b:blocks=8,channels=24,linear=0.84", "90.9K", "20.6G", recount),
    Row("wdsr-b:blocks=8,channels=24,linear=0.84,scale=4", "101.5K", "5.75G", recount),
    Row("srcnn", "57.3K", "52.7G", "CARN's table: 57K, 52.7G"),
    Row("srcnn:kernel=1", "8.1K", "7.40G", recount),
    Row("fsrcnn", "12.6K", "2.87G", recount, counting: .withoutSlopes),
    Row("fsrcnn", "12.464K", "2.87G", "Dong et al. 2016", counting: .weightsOnly),
    Row("fsrcnn:scale=3", "12.6K", "1.28G", recount, counting: .withoutSlopes),
    Row("fsrcnn:scale=4", "12.6K", "0.72G", recount, counting: .withoutSlopes),
    Row("espcn", "21.3K", "4.88G", recount),
    Row("espcn:scale=3", "22.7K", "2.32G", recount),
    Row("espcn:scale=4", "24.8K", "1.42G", recount),
    Row("edsr", "1.370M", "316.3G", recount, counting: .withMeanShifts),
    Row("edsr:scale=3", "1.555M", "160.3G", recount, counting: .withMeanShifts),
    Row("edsr:scale=4", "1.518M", "114.2G", recount, counting: .withMeanShifts),
    Row("carn-m", "257.0K", "91.2G", "Ahn et al. 2018; parameters for one scale"),
    Row("carn-m:scale=4", nil, "32.5G", "Ahn et al. 2018"),
    Row("rcan:reduction=0", "15.33M", "3527G", recount, counting: .withMeanShifts),
    Row("rcan:reduction=0,scale=3", "15.51M", "1587G", recount, counting: .withMeanShifts),
    Row("rcan:reduction=0,scale=4", "15.48M", "917G", recount, counting: .withMeanShifts),
    Row("feqe", "94.1K", "5.42G", "Vu et al. 2018: 96K, 11 GFLOPs of two to a MAC"),
    Row("xlsr", "17.6K", "3.98G", recount),
    Row("xlsr:scale=3", "21.9K", "2.21G", recount),
    Row("xlsr:scale=4", "28.0K", "1.59G", "Ayazoglu 2021"),
    Row("abpn", "33.5K", "7.67G", recount),
    Row("abpn:scale=3", "42.54K", "4.34G", "Du et al. 2021"),
    Row("abpn:scale=4", "62.0K", "3.56G", recount),
    Row("ecbsr:channels=8", "2.7K", "0.61G", recount, counting: .withoutSlopes),
    Row("ecbsr", "10.0K", "2.29G", recount, counting: .withoutSlopes),
    Row("ecbsr:blocks=10,channels=32", "94.0K", "21.6G", recount, counting: .withoutSlopes),
    Row("ecbsr:blocks=16,channels=64", "594K", "137G", recount, counting: .withoutSlopes),
    Row("ecbsr:scale=4", "11.8K", "0.67G", recount, counting: .withoutSlopes),
    Row("sesr:blocks=3", "8.9K", "2.05G", "Bhardwaj et al. 2022", counting: .weightsOnly),
    Row("sesr", "13.5K", "3.12G", "Bhardwaj et al. 2022", counting: .weightsOnly),
    Row("sesr:blocks=7", "18.1K", "4.18G", "Bhardwaj et al. 2022", counting: .weightsOnly),
    Row("sesr:blocks=11", "27.3K", "6.30G", "Bhardwaj et al. 2022", counting: .weightsOnly),
    Row(
      "sesr:blocks=11,channels=32", "105K", "24.3G", "Bhardwaj et al. 2022", counting: .weightsOnly
    ),
    Row("sesr:scale=4", "18.3K", "1.06G", "Bhardwaj et al. 2022", counting: .weightsOnly),
    Row("quicksrnet:blocks=2", "22.9K", "5.24G", recount),
    Row("quicksrnet", "50.6K", "11.6G", recount),
    Row("quicksrnet:blocks=11,channels=64", "415K", "95.4G", recount),
    Row("quicksrnet:blocks=2,scale=4", "33.3K", nil, "published model cards"),
    Row("quicksrnet:scale=4", "61.0K", nil, "published model cards"),
    Row("quicksrnet:blocks=11,channels=64,scale=4", "435.7K", nil, "published model cards"),
  ]

  @Test(arguments: rows) func `are those of the zoo, to the printed digits`(row: Row) throws {
    let description = try NetworkDescription(parsing: row.network)
    let graph =
      description.scale == 3
      ? try description.graph(input: ImageSize(width: 320, height: 320))
      : try description.graph()
    let parameters = row.counting.parameters(graph)
    let macs = row.counting.macs(graph)
    if let printed = row.parameters {
      #expect(try rounds(parameters, to: printed), "\(parameters) for \(printed)")
    }
    if let printed = row.macs { #expect(try rounds(macs, to: printed), "\(macs) for \(printed)") }
  }

  /// FSRCNN's printed 6.0, 5.0 and 4.6 G count its deconvolution at every pixel of the output.
  @Test(arguments: [(2, "6.01G"), (3, "4.99G"), (4, "4.64G")])
  func `of FSRCNN count the deconvolution differently`(scale: Int, printed: String) throws {
    let graph = try NetworkDescription(parsing: "fsrcnn:scale=\(scale)").graph()
    let last = try #require(graph.nodes.last)
    let convolutions = graph.macs - graph.macs(of: last)
    #expect(try rounds(convolutions + 9 * 9 * 56 * 1280 * 720, to: printed))
  }

  /// WDSR's printed numbers have one gain of weight norm for each filter.
  @Test(arguments: [(2, 1_190_100), (3, 1_195_605), (4, 1_203_312)])
  func `of WDSR-A have the gains of weight norm`(scale: Int, printed: Int) throws {
    let count = try NetworkDescription(parsing: "wdsr-a:scale=\(scale)").graph().parameterCount
    // There is a bias for each filter too.
    #expect(count.total + count.biases == printed)
  }

  /// CARN-M's printed 412 K are the weights of one network with the upsamplers of all three scales.
  @Test func `of CARN-M are for all scales`() throws {
    let weights = try NetworkDescription(parsing: "carn-m:scale=3").graph().parameterCount.weights
    // One convolution for x2 and two for x4.
    let upsampler = 64 / 4 * 9 * 256
    #expect(try rounds(weights + 3 * upsampler, to: "412K"))
  }

  /// Those of the blocks, for each pixel.
  @Test(arguments: [
    ("block-depthwise-separable", 9 * 64 + 64 * 64),
    ("block-shuffle", 2 * 32 * 32 + 9 * 32),
    ("block-inverted-residual", 2 * 6 * 64 * 64 + 9 * 6 * 64),
    ("block-idle", 2 * 6 * 32 * 32 + 9 * 6 * 32),
    ("block-ghost:expansion=1", 2 * (64 * 64 / 2 + 9 * 64 / 2)),
    ("block-splitsr", 9 * 16 * 16),
  ])
  func `of blocks for each pixel`(block: String, macs: Int) throws {
    let graph = try NetworkDescription(parsing: block).graph()
    #expect(graph.macs == macs * 320 * 180)
    #expect(graph[graph.input] == graph[graph.output])
  }

  /// Whether a count, rounded to the digits of `printed` such as `1.929M`, is that.
  private func rounds(_ count: Int, to printed: String) throws -> Bool {
    let units: [Character: Double] = ["K": 1e3, "M": 1e6, "G": 1e9]
    let unit = try #require(printed.last.flatMap { units[$0] })
    let digits = printed.dropLast()
    let value = try #require(Double(digits))
    let decimals = digits.split(separator: ".").dropFirst().first?.count ?? 0
    let step = (0..<decimals).reduce(unit) { step, _ in step / 10 }
    return abs(Double(count) - value * unit) <= step / 2 * 1.000001
  }
}
