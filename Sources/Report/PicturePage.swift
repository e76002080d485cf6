/// Pictures and a table under a few sentences, as one page that needs nothing else.
public struct PicturePage {
  /// The page.
  public let html: String

  /// - Parameters:
  ///   - sentences: A paragraph each.
  ///   - pictures: Each under its title.
  ///   - rows: Of the table, as many texts each as there are columns; a figure, where there is one, sorts a cell.
  ///   - command: What made the page, for its foot.
  /// - Throws: Why there are no pictures.
  public init(
    title: String, sentences: [String], pictures: [Scatter], columns: [String],
    rows: [[(text: String, figure: Double?)]], command: String
  ) throws(Scatter.Failure) {
    var body = sentences.map { HTML.element("p", $0) }.joined()
    for picture in pictures {
      body += HTML.element(
        "section",
        HTML.element("h2", picture.title)
          + HTML.element("figure", HTML(markup: try picture.svg())))
    }
    if !rows.isEmpty {
      body += HTML.element(
        "section",
        HTML.element("h2", "All of them")
          + RowSections.grid(columns, rows.map(RowSections.line).joined(), style: "sortable"))
    }
    html = HTML.page(title: title, body, madeBy: command)
  }
}
