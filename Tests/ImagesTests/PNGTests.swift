import FoundationEssentials
import Images
import Testing
import Workloads

@Suite("A PNG")
struct PNGTests {
  /// Pictures of 5x3 pixels whose sample `c` of pixel `p` is `(37 p + 91 c) % 256`, and what makes a
  /// PNG of any header and rows.
  private static let python = """
    import struct, zlib
    from PIL import Image
    def chunk(kind, data):
      return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    def png(name, width, height, bits, colour, rows, interlace=0, extra=b''):
      header = struct.pack('>IIBBBBB', width, height, bits, colour, 0, 0, interlace)
      with open(name, 'wb') as file:
        file.write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', header) + extra
          + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
    def samples(n):
      return bytes((37 * p + 91 * c) % 256 for p in range(15) for c in range(n))
    def rows(data, length):
      return b''.join(b'\\0' + data[y:y + length] for y in range(0, len(data), length))
    for n, mode, colour in ((1, 'L', 0), (2, 'LA', 4), (3, 'RGB', 2), (4, 'RGBA', 6)):
      Image.frombytes(mode, (5, 3), samples(n)).save(mode + '.png')
      png(mode + '-raw.png', 5, 3, 8, colour, rows(samples(n), 5 * n))

    """

  private func sample(_ channel: Int, _ y: Int, _ x: Int) -> Float {
    Float((37 * (y * 5 + x) + 91 * channel) % 256) / 255
  }

  @Test(
    "of grey or colours is read exactly, opacity dropped with a note",
    arguments: [("L", 1, false), ("LA", 1, true), ("RGB", 3, false), ("RGBA", 3, true)])
  func kinds(_ mode: String, _ channels: Int, _ isNoted: Bool) throws {
    let files = try PythonFiles(Self.python)
    defer { files.remove() }
    for name in ["\(mode).png", "\(mode)-raw.png"] {
      let (tensor, note) = try Tensor.read(files.path(name))
      #expect(tensor.shape == MapShape(channels: channels, height: 3, width: 5))
      for channel in 0..<channels {
        for y in 0..<3 {
          for x in 0..<5 { #expect(tensor[channel, y, x] == sample(channel, y, x)) }
        }
      }
      #expect((note != nil) == isNoted)
      #expect(note?.contains("alpha") ?? true)
    }
  }

  @Test("with a palette, few bits or interlacing is read as if it had none of them")
  func variants() throws {
    let files = try PythonFiles(
      Self.python + """
        palette = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255])
        png('palette.png', 2, 2, 8, 3, rows(bytes([0, 1, 2, 0]), 2), 0, chunk(b'PLTE', palette))
        png('clear.png', 2, 2, 8, 3, rows(bytes([0, 1, 2, 0]), 2), 0,
          chunk(b'PLTE', palette) + chunk(b'tRNS', b'\\x00'))
        png('bits.png', 4, 2, 1, 0, bytes([0, 0b10100000, 0, 0b01100000]))
        # Adam7: a 2x2 picture has pixel (0, 0) in the first pass, (1, 0) in the sixth, then row 1.
        png('laced.png', 2, 2, 8, 0, bytes([0, 10, 0, 20, 0, 30, 40]), 1)
        """)
    defer { files.remove() }
    for (name, isNoted) in [("palette.png", false), ("clear.png", true)] {
      let palette = try Tensor.read(files.path(name))
      #expect(palette.tensor.values == [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0])
      #expect((palette.note != nil) == isNoted)
    }
    #expect(try Tensor.read(files.path("bits.png")).tensor.values == [1, 0, 1, 0, 0, 1, 1, 0])
    let laced = try Tensor.read(files.path("laced.png")).tensor
    #expect(laced.values == [10, 20, 30, 40].map { $0 / 255 })
  }

  @Test(
    "that cannot be taken is refused in one line that says what to do",
    arguments: [
      ("deep", "16 bits", "8 bits"), ("deepgrey", "16 bits", "8 bits"),
      ("huge", "broken PNG: Invalid IHDR", "whole"), ("large", "100000x100000 pixels", "pieces"),
      ("bomb", "10000x10000 pixels, but has", "whole"),
      ("checksum", "incorrect data check", "whole"),
      ("cut", "broken PNG", "whole"), ("rows", "broken PNG", "whole"),
      ("short", "neither", "convert"), ("empty", "empty", "convert"),
      ("missing", "No such file", ""),
    ])
  func refusals(_ name: String, _ what: String, _ advice: String) throws {
    let files = try PythonFiles(
      Self.python + """
        png('deep.png', 2, 1, 16, 2, bytes(13))
        png('deepgrey.png', 2, 1, 16, 0, bytes(5))
        png('huge.png', 1000000000, 1000000000, 8, 2, b'')
        png('large.png', 100000, 100000, 8, 2, b'')
        png('bomb.png', 10000, 10000, 8, 2, b'')
        png('rows.png', 5, 300, 8, 2, rows(samples(3), 15))
        whole = bytearray(open('RGB.png', 'rb').read())
        open('cut.png', 'wb').write(whole[:-30])
        open('short.png', 'wb').write(whole[:5])
        open('empty.png', 'wb').write(b'')
        whole[-20] ^= 1
        open('checksum.png', 'wb').write(whole)
        """)
    defer { files.remove() }
    let path = files.path("\(name).png")
    let error = #expect(throws: ImageError.self) { try Tensor.read(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path + ": "))
    #expect(text.contains(what) && text.contains(advice) && !text.contains("\n"), "\(text)")
    #expect(error?.isInputOutput == (name == "missing"))
  }

  @Test("that is written is what others read, values clamped and rounded")
  func writing() throws {
    let files = try PythonFiles("")
    defer { files.remove() }
    let colours = Tensor(
      MapShape(channels: 3, height: 1, width: 2), [-1, 0.5, 0.25, 2, .nan, .infinity])
    try colours.write(files.path("colours.png"))
    try colours.channels(1..<2).write(files.path("grey.PNG"))
    let check = """
      from PIL import Image
      colours, grey = Image.open('colours.png'), Image.open('grey.PNG')
      assert colours.mode == 'RGB' and list(colours.getdata()) == [(0, 64, 0), (128, 255, 255)]
      assert grey.mode == 'L' and list(grey.getdata()) == [64, 255]
      """
    #expect(try files.run(check) == 0)
    #expect(try Tensor.read(files.path("grey.PNG")).tensor.values == [64 / 255, 1])
  }

  @Test("cannot be of two channels, of a name with another ending, or where there is no folder")
  func unwritable() throws {
    let two = Tensor(MapShape(channels: 2, height: 1, width: 1), [0, 0])
    for (path, what) in [
      ("a.png", "1 or 3 channels, not 2"), ("a.jpg", ".png or .npy"), ("npy", ".png or .npy"),
      ("/nowhere/a.npy", "No such file"),
    ] {
      let error = #expect(throws: ImageError.self) { try two.write(path) }
      #expect(error?.description.contains(what) == true)
    }
  }

  @Test("that is damaged is refused or read, and nothing worse")
  func mutations() throws {
    // Half of them with right checksums, so that the damage gets past the first look.
    let files = try PythonFiles(
      Self.python + """
        import random
        random.seed(7)
        names = ['L', 'LA', 'RGB', 'RGBA']
        for i in range(320):
          whole = bytearray(open(names[i % 4] + '.png', 'rb').read())
          for _ in range(random.randint(1, 4)):
            whole[random.randrange(8, len(whole))] = random.randrange(256)
          if i % 8 >= 4:
            place = 8
            while place + 12 <= len(whole):
              length = struct.unpack('>I', whole[place:place + 4])[0]
              if place + 12 + length > len(whole): break
              crc = zlib.crc32(bytes(whole[place + 4:place + 8 + length]))
              whole[place + 8 + length:place + 12 + length] = struct.pack('>I', crc)
              place += 12 + length
          if i % 16 == 15: whole = whole[:random.randrange(len(whole))]
          open(f'{i}.bin', 'wb').write(whole)
        """)
    defer { files.remove() }
    var refused = 0
    for index in 0..<320 {
      do throws(ImageError) {
        let (tensor, _) = try Tensor.read(files.path("\(index).bin"))
        #expect(tensor.values.allSatisfy { 0...1 ~= $0 })
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect((150..<320).contains(refused))
  }

  @Test("is read by code that is part of the program")
  func linking() throws {
    let maps = try String(contentsOf: URL(filePath: "/proc/self/maps"), encoding: .utf8)
    #expect(!maps.contains("libpng"))
  }
}
