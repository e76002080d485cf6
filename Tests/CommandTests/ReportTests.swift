import Foundation
import Testing

/// Pages of tables, read by a browser.
@Suite struct `A page` {
  private static let reports = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Reports")
  private static let quick = reports.appending(path: "lavapipe-quick.json").path
  private static let other = reports.appending(path: "swiftshader-quick.json").path

  /// Says in the page itself how many pictures have no size, and how many texts of a picture overlap.
  private static let examination = """
    <script>
    addEventListener("load", () => {
      const pictures = [...document.querySelectorAll("svg")];
      const empty = pictures.filter(it => it.getBoundingClientRect().height < 50).length;
      let overlaps = 0;
      for (const picture of pictures) {
        const boxes = [...picture.querySelectorAll("text")].filter(it => it.textContent.trim())
          .filter(it => !(it.closest("[transform*=rotate]")))
          .map(it => it.getBoundingClientRect());
        for (let i = 0; i < boxes.length; i++)
          for (let j = i + 1; j < boxes.length; j++)
            if (boxes[i].left + 1 < boxes[j].right && boxes[j].left + 1 < boxes[i].right
                && boxes[i].top + 3 < boxes[j].bottom && boxes[j].top + 3 < boxes[i].bottom)
              overlaps++;
      }
      const wide = document.documentElement.scrollWidth > innerWidth + 1;
      document.body.insertAdjacentHTML("beforeend",
        `<output>pictures ${pictures.length} empty ${empty} overlaps ${overlaps} wide ${wide}</output>`);
    });
    </script>
    """

  /// What the examination says of a page, and what the browser complained about.
  private func open(
    _ page: String, in command: Command, width: Int, dark: Bool = false
  ) throws -> (said: String, complaints: String) {
    let text = try String(contentsOfFile: page, encoding: .utf8)
    let examined = try command.write(
      "examined.html", text.replacing("</body>", with: Self.examination + "</body>"))
    let browser = Process()
    browser.executableURL = URL(filePath: "/usr/bin/chromium")
    browser.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--log-level=0",
        "--user-data-dir=\(command.path("browser"))", "--window-size=\(width),900",
        "--virtual-time-budget=5000", "--dump-dom",
      ] + (dark ? ["--force-dark-mode", "--enable-features=WebContentsForceDark"] : [])
      + ["file://\(examined)"]
    let (output, errors) = (command.path("dom"), command.path("log"))
    for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    browser.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    browser.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
    try browser.run()
    browser.waitUntilExit()
    let dom = try String(contentsOfFile: output, encoding: .utf8)
    let said = dom.split(separator: "<output>").last?.split(separator: "</output>").first ?? ""
    let complaints = try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n")
      .filter { $0.contains("CONSOLE") }
    return (String(said), complaints.joined(separator: "\n"))
  }

  @Test(arguments: [1200, 400])
  func `opens in a browser without complaints, its pictures there, its texts apart`(width: Int)
    throws
  {
    try withCommand { command in
      let page = command.path("page.html")
      let outcome = try command.run("report", Self.quick, Self.other, "--output", page)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      let (said, complaints) = try open(page, in: command, width: width)
      #expect(complaints.isEmpty, "\(complaints)")
      let words = said.split(separator: " ")
      try #require(words.count == 8, "\(said)")
      #expect((Int(words[1]) ?? 0) >= 4)
      #expect(said.hasSuffix("empty 0 overlaps 0 wide false"), "\(said)")
    }
  }

  @Test func `needs nothing from the network, and works without a script`() throws {
    try withCommand { command in
      let page = try command.run("report", Self.quick).output
      // Pictures take their colours from the page, which may be dark.
      #expect(page.contains("<svg") && !page.contains("\"black\"") && !page.contains("'black'"))
      #expect(!page.contains("src=") && !page.contains("@import") && !page.contains("<link"))
      for part in [
        "Furthest from the ceiling", "Rates under the ceilings", "Pruning", "All rows",
        "Fingerprint", "prefers-color-scheme: dark", "conv3x3 32-&gt;32 90x160 relu",
      ] {
        #expect(page.contains(part), "\(part)")
      }
    }
  }

  @Test func `shows what a table says as text, whatever it says`() throws {
    try withCommand { command in
      let text = try String(contentsOfFile: Self.quick, encoding: .utf8)
        .replacing("llvmpipe (LLVM 15.0.6, 256 bits)", with: "<script>alert(1)</script>&amp;")
      let table = try command.write("evil.json", text)
      let page = try command.run("report", table).output
      #expect(!page.contains("<script>alert"))
      #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"))
      let summary = try command.run("report", table, "--format", "markdown").output
      #expect(!summary.contains("<script>") && summary.contains("| conv3x3 |"))
    }
  }

  @Test func `is written without pictures where gnuplot is missing or fails`() throws {
    try withCommand { command in
      command.environment["PATH"] = command.folder.path
      let page = command.path("page.html")
      let missing = try command.run("report", Self.quick, "--output", page)
      #expect(missing.status == 0 && missing.errors.contains("install gnuplot-nox"))
      #expect(try String(contentsOfFile: page, encoding: .utf8).contains("All rows"))
      let broken = try command.write("gnuplot", "#!/bin/sh\necho no such terminal >&2; exit 1\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: broken)
      let failed = try command.run("report", Self.quick, "--output", page)
      #expect(failed.status == 0 && failed.errors.contains("no such terminal"))
      #expect(failed.errorLines.count == 1)
    }
  }

  @Test func `is not written where it cannot be`() throws {
    try withCommand { command in
      let outcome = try command.run("report", Self.quick, "--output", "none/page.html")
      #expect(outcome.status == 74 && outcome.errorLines.count == 1)
      #expect(outcome.errors.contains("none/page.html"))
    }
  }
}
