/// A network of the zoo as it was published, with how good its authors say it is.
public struct PublishedNetwork: Hashable, Sendable {
  /// Its name in papers.
  public let name: String
  /// As ``NetworkDescription`` reads it, but for the size.
  public let description: String
  /// How many times larger the image gets.
  public let scale: Int
  /// PSNR of the brightness in dB, on each of ``sets``; `nil` where it is not known.
  public let psnr: [Double?]
  /// Where the figures stand.
  public let source: String

  /// The evaluation sets.
  public static let sets = ["Set5", "Set14", "B100", "Urban100"]

  /// All that are known, by scale.
  public static let all: [PublishedNetwork] = {
    let carn = "table of github.com/nmhkahn/CARN-pytorch"
    let wdsr = "README of github.com/JiahuiYu/wdsr_ntire2018"
    let aimet = "model zoo of AIMET, in 32-bit floats"
    let feqe = "table of github.com/thangvubk/FEQE"
    let rcan = "table of github.com/yulunzhang/RCAN"
    func network(
      _ name: String, _ description: String, _ scale: Int, _ psnr: [Double?], _ source: String
    ) -> PublishedNetwork {
      PublishedNetwork(
        name: name, description: description, scale: scale, psnr: psnr, source: source)
    }
    let none: [Double?] = [nil, nil, nil, nil]
    var list: [PublishedNetwork] = [
      network("SRCNN", "srcnn:colors=1", 2, [36.66, 32.42, 31.36, 29.50], carn),
      network("SRCNN", "srcnn:colors=1", 4, [30.48, 27.49, 26.90, 24.52], carn),
      network("FSRCNN", "fsrcnn:scale=2", 2, [37.00, 32.63, 31.53, 29.88], carn),
      network("FSRCNN", "fsrcnn:scale=4", 4, [30.71, 27.59, 26.98, 24.62], carn),
      network("CARN-M", "carn-m:scale=2", 2, [37.53, 33.26, 31.92, 31.23], carn),
      network("CARN-M", "carn-m:scale=4", 4, [31.92, 28.42, 27.44, 25.62], carn),
      network("WDSR-A 16x32", "wdsr-a:scale=2", 2, [38.08, nil, 32.23, 32.34], wdsr),
      network("WDSR-A 16x32", "wdsr-a:scale=3", 3, [34.45, nil, 29.14, 28.33], wdsr),
      network("WDSR-A 16x32", "wdsr-a:scale=4", 4, [32.22, nil, 27.61, 26.21], wdsr),
      network("FEQE-P", "feqe:scale=4", 4, [31.53, 28.21, 27.32, 25.32], feqe),
      network("RCAN", "rcan:scale=4", 4, [32.63, 28.87, 27.77, 26.82], rcan),
      network("XLSR", "xlsr:scale=2", 2, [nil, 32.57, nil, nil], aimet),
      network("ABPN-28", "abpn:scale=2", 2, [nil, 32.71, nil, nil], aimet),
      network("SESR-M5", "sesr:scale=2", 2, [nil, 32.57, nil, nil], aimet),
      network("QuickSRNet-S", "quicksrnet:blocks=2,scale=2", 2, [nil, 32.52, nil, nil], aimet),
      network("QuickSRNet-M", "quicksrnet:blocks=5,scale=2", 2, [nil, 32.78, nil, nil], aimet),
      network(
        "QuickSRNet-L", "quicksrnet:blocks=11,channels=64,scale=2", 2, [nil, 33.24, nil, nil],
        aimet),
    ]
    for scale in 2...4 {
      for (name, family) in [
        ("WDSR-B 16x32", "wdsr-b"), ("SplitSR", "splitsr"), ("EDSR-baseline", "edsr"),
        ("ESPCN", "espcn"), ("ECBSR-M4C16", "ecbsr"), ("XLSR", "xlsr"), ("ABPN-28", "abpn"),
        ("SESR-M5", "sesr"), ("QuickSRNet-S", "quicksrnet"), ("FSRCNN", "fsrcnn"),
        ("CARN-M", "carn-m"),
      ] where !list.contains(where: { $0.name == name && $0.scale == scale }) {
        list.append(network(name, "\(family):scale=\(scale)", scale, none, ""))
      }
    }
    return list
  }()
}
