/// Points and lines between two axes, as a picture of its own or as a page.
public struct Scatter {
  /// Points under one name.
  public struct Series {
    public var name: String
    public var points: [(x: Double, y: Double)]
    /// Whether a line goes through the points.
    public var isLine: Bool

    public init(_ name: String, _ points: [(x: Double, y: Double)], isLine: Bool = false) {
      self.name = name
      self.points = points
      self.isLine = isLine
    }
  }

  /// Why there is no picture, such as that gnuplot is not installed.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  public var title: String
  /// Labels of the axes, with units.
  public var x: String
  public var y: String
  public var isLogarithmic: Bool
  public var series: [Series]

  public init(
    title: String, x: String, y: String, isLogarithmic: Bool = false, series: [Series]
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.isLogarithmic = isLogarithmic
    self.series = series
  }

  /// Throws what is missing for pictures, before the work that they show.
  public static func requireDrawing() throws(Failure) {
    do throws(Gnuplot.Failure) { try Gnuplot.requireGnuplot() } catch {
      throw Failure(description: error.reason)
    }
  }

  /// The picture; it has the colours of the page it stands in.
  public func svg() throws(Failure) -> String {
    var script = Gnuplot.Script(name: "scatter", width: 760, height: 460)
    script.lines = [
      "set grid", "set key outside right top", "set title \(Gnuplot.quoted(title))",
      "set xlabel \(Gnuplot.quoted(x))", "set ylabel \(Gnuplot.quoted(y))",
    ]
    if isLogarithmic { script.lines.append("set logscale xy") }
    var plots: [String] = []
    // Lines first, so that none hides a point.
    let places =
      series.indices.filter { series[$0].isLine } + series.indices.filter { !series[$0].isLine }
    for index in places where !series[index].points.isEmpty {
      let it = series[index]
      script.lines.append("$series\(index) << EOD")
      script.lines += it.points.map { "\($0.x) \($0.y)" }
      script.lines.append("EOD")
      let colour = Pictures.colours[index % Pictures.colours.count]
      let style = it.isLine ? "lines linewidth 2" : "points pointtype 7 pointsize 0.7"
      plots.append(
        "$series\(index) using 1:2 with \(style) linecolor rgb \"\(colour)\" "
          + "title \(Gnuplot.quoted(it.name))")
    }
    guard !plots.isEmpty else { throw Failure(description: "there is nothing to draw") }
    script.lines.append("plot " + plots.joined(separator: ", "))
    do throws(Gnuplot.Failure) { return try Gnuplot.svg(script) } catch {
      throw Failure(description: error.reason)
    }
  }

  /// A page of the picture.
  ///
  /// - Parameter command: What made the page, for its foot.
  public func html(command: String) throws(Failure) -> String {
    let picture = try svg()
    return HTML.page(
      title: title, HTML.element("figure", HTML(markup: picture)), madeBy: command)
  }
}
