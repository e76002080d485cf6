internal import Files
internal import Glibc

/// Pictures drawn by gnuplot, as SVG that takes its colours from the page.
struct Gnuplot {
  /// Why there is no picture.
  struct Failure: Error {
    let reason: String
  }

  /// What is drawn by: data come in blocks, so that nothing but numbers and quoted labels is in the text.
  struct Script {
    /// Names the picture's parts, so that several fit one page.
    let name: String
    let width: Int
    let height: Int
    var lines: [String] = []
  }

  /// Words that gnuplot sees as one quoted text, without markup.
  static func quoted(_ label: String) -> String {
    "\"" + label.filter { !"\"\\`".contains($0) && !$0.isNewline } + "\""
  }

  /// Throws which package has gnuplot if it is not here.
  static func requireGnuplot() throws(Failure) {
    let folder = try makeFolder()
    defer { remove(folder) }
    try run(["gnuplot", "--version"], errors: folder + "/errors")
  }

  /// Runs gnuplot; throws what it said if it fails, or which package has it.
  static func svg(_ script: Script) throws(Failure) -> String {
    let folder = try makeFolder()
    defer { remove(folder) }
    let text = """
      set terminal svg size \(script.width),\(script.height) dynamic noenhanced font "sans-serif,13" \
      name "\(script.name)"
      set output "\(folder)/picture.svg"
      set encoding utf8

      """ + script.lines.joined(separator: "\n") + "\n"
    try write(text, to: folder + "/script")
    try run(["gnuplot", folder + "/script"], errors: folder + "/errors")
    guard let picture = contents(of: folder + "/picture.svg"), picture.contains("</svg>") else {
      throw Failure(reason: "gnuplot drew nothing: \(contents(of: folder + "/errors") ?? "")")
    }
    return adapted(picture, name: script.name)
  }

  /// Black becomes the page's colour of text, identifiers get the picture's name, and what only a file of its
  /// own needs goes.
  private static func adapted(_ picture: String, name: String) -> String {
    guard let start = picture.firstRange(of: "<svg") else { return "" }
    var text = String(picture[start.lowerBound...])
    for key in ["stroke", "fill", "color"] {
      for quote in ["'", "\""] {
        text.replace("\(key)=\(quote)black\(quote)", with: "\(key)=\(quote)currentColor\(quote)")
      }
    }
    return
      text.replacing("id='gp", with: "id='\(name)gp").replacing("'#gp", with: "'#\(name)gp")
      .replacing("id=\"gp", with: "id=\"\(name)gp").replacing("\"#gp", with: "\"#\(name)gp")
  }

  private static func makeFolder() throws(Failure) -> String {
    let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(root)/srprof-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template) else {
      throw Failure(reason: "\(root): \(String(cString: strerror(errno)))")
    }
    return String(cString: path)
  }

  private static func remove(_ folder: String) {
    for name in ["script", "errors", "picture.svg"] { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  private static func write(_ text: String, to path: String) throws(Failure) {
    do throws(FileContents.Failure) {
      try FileContents.replace(path, with: [UInt8](text.utf8))
    } catch {
      throw Failure(reason: "\(path): \(error.reason)")
    }
  }

  private static func contents(of path: String) -> String? {
    (try? FileContents.read(path)).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func run(_ arguments: [String], errors: String) throws(Failure) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let result = posix_spawnp(&child, arguments[0], &actions, nil, &words, environ)
    guard result == 0 else {
      throw Failure(
        reason: result == ENOENT
          ? "gnuplot is not here; install gnuplot-nox" : String(cString: strerror(result)))
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      let said = contents(of: errors)?.split(separator: "\n").joined(separator: " | ") ?? ""
      throw Failure(reason: "gnuplot failed: \(said)")
    }
  }
}
