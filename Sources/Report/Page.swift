public import Tables
internal import Workloads

/// Tables as one page that needs nothing else: no network, no other file.
public struct Page {
  /// The page.
  public let html: String
  /// Why pictures are missing; `nil` if all are there.
  public let withoutPictures: String?

  /// A page about the first table, and how the second compares with it if there is one.
  ///
  /// - Parameter command: What made the page, for its foot.
  public init(_ tables: [LatencyTable], command: String) {
    var gallery = Gallery()
    var body = HTML()
    for (index, table) in tables.enumerated() {
      body += Header.section(table, number: tables.count > 1 ? index + 1 : nil)
    }
    if let first = tables.first {
      if tables.count > 1 {
        for (index, other) in tables.dropFirst().enumerated() {
          body += ComparisonSection.section(
            Comparison(first, other), number: index + 2, &gallery)
        }
      }
      body += gallery.section("Latency over channels and map size", Pictures.heatMaps(first))
      body += gallery.section(
        "Rates under the ceilings", Pictures.roofline(first).map { [$0] } ?? [])
      body += gallery.section("Pruning", Pictures.pruning(first))
      body += RowSections.furthestFromCeiling(first)
      body += RowSections.all(first)
    }
    withoutPictures = gallery.failure
    let title = tables.first.map { "srprof: \($0.device.name)" } ?? "srprof"
    html = HTML.page(title: title, body, madeBy: command)
  }
}

/// Pictures as they are drawn, until one cannot be.
struct Gallery {
  private(set) var failure: String?
  private var count = 0

  /// A section of pictures; nothing if there are none.
  mutating func section(_ title: String, _ scripts: [Gnuplot.Script]) -> HTML {
    guard !scripts.isEmpty else { return HTML() }
    var figures = HTML()
    for script in scripts {
      guard failure == nil else { break }
      do throws(Gnuplot.Failure) {
        figures += HTML.element(
          "figure", HTML(markup: try Gnuplot.svg(script)))
      } catch {
        failure = error.reason
      }
    }
    if let failure {
      figures += HTML.element("p", class: "note", "No picture: \(failure)")
    }
    return HTML.element("section", HTML.element("h2", title) + figures)
  }
}
