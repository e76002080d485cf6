import FoundationEssentials
import Images
import Statistics
import Testing
import Workloads

@Suite("An NPY file")
struct NPYTests {
  private static let python = """
    import numpy
    values = (numpy.arange(24) * 7 % 24).reshape(2, 3, 4)

    """

  @Test(
    "is read in every kind of number, byte order, order of elements, shape and version",
    arguments: ["u1", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
  func kinds(_ type: String) throws {
    let files = try PythonFiles(
      Self.python + """
        for version in ((1, 0), (2, 0), (3, 0)):
          for order in 'CF':
            for name, array in (('3', values), ('4', values[None]), ('2', values[1])):
              with open(f'{name}{order}{version[0]}.npy', 'wb') as file:
                array = numpy.array(array, dtype='\(type)', order=order)
                numpy.lib.format.write_array(file, array, version)
        """)
    defer { files.remove() }
    let values = (0..<24).map { Float($0 * 7 % 24) }
    for version in 1...3 {
      for order in ["C", "F"] {
        for rank in 3...4 {
          let tensor = try Tensor.read(files.path("\(rank)\(order)\(version).npy")).tensor
          #expect(tensor == Tensor(MapShape(channels: 2, height: 3, width: 4), values))
        }
        let plane = try Tensor.read(files.path("2\(order)\(version).npy")).tensor
        #expect(
          plane == Tensor(MapShape(channels: 1, height: 3, width: 4), Array(values[12...])))
      }
    }
  }

  @Test("that is written is what numpy reads, every bit of it")
  func writing() throws {
    let files = try PythonFiles("")
    defer { files.remove() }
    let values: [Float] = [0.1, -.pi, .leastNonzeroMagnitude, .infinity, -0.0, 16_777_215]
    let tensor = Tensor(MapShape(channels: 1, height: 2, width: 3), values)
    try tensor.write(files.path("a.npy"))
    #expect(try Tensor.read(files.path("a.npy")).tensor == tensor)
    let check = """
      import numpy
      a = numpy.load('a.npy')
      assert a.shape == (1, 1, 2, 3) and a.dtype == numpy.dtype('<f4')
      assert [int(x) for x in a.view('<u4').flatten()] == \(values.map(\.bitPattern))
      head = open('a.npy', 'rb').read()
      assert head[6:8] == b'\\1\\0' and (10 + head[8]) % 64 == 0 and head[9 + head[8]] == 10
      """
    #expect(try files.run(check) == 0)
  }

  @Test(
    "that cannot be taken is refused in one line that says what to do",
    arguments: [
      ("cut", "claims the shape (2, 3, 4), but has 188 bytes"), ("header", "middle of its header"),
      ("magic", "neither a PNG nor an NPY"), ("version", "format 9.0"),
      ("batch", "has the shape (2, 1, 3, 4)"), ("line", "has the shape (24)"),
      ("zero", "impossible shape (2, 0, 4)"), ("huge", "impossible shape"),
      ("large", "claims the shape (1, 1000000, 1000000), but has 192 bytes"),
      ("negative", "header that is no NPY's"), ("kind", "numbers of the kind '<i8'"),
      ("records", "several kinds"), ("order", "without its order"), ("text", "no NPY's"),
    ])
  func refusals(_ name: String, _ what: String) throws {
    let files = try PythonFiles(
      Self.python + """
        numpy.save('kind.npy', values)
        numpy.save('line.npy', values.flatten().astype('f4'))
        numpy.save('batch.npy', values.reshape(2, 1, 3, 4).astype('f4'))
        numpy.save('zero.npy', numpy.zeros((2, 0, 4)))
        numpy.save('records.npy', numpy.zeros(3, [('a', 'f4'), ('b', 'f4')]))
        numpy.save('whole.npy', values.astype('f8'))
        whole = open('whole.npy', 'rb').read()
        def save(name, data): open(name + '.npy', 'wb').write(data)
        def replaced(old, new):
          assert len(old) >= len(new) and old in whole
          return whole.replace(old, new.ljust(len(old)))
        save('cut', whole[:-4])
        save('header', whole[:60])
        save('magic', b'X' + whole[1:])
        save('version', whole[:6] + b'\\x09' + whole[7:])
        room = b'(2, 3, 4), }' + b' ' * 50
        save('huge', replaced(room, b'(9999999999, 9999999999, 9999999999), }'))
        save('large', replaced(room, b'(1, 1000000, 1000000), }'))
        save('negative', replaced(room, b'(-2, 3, 4), }'))
        save('order', replaced(b'False', b'"no"'))
        save('text', replaced(b'{', b'['))
        """)
    defer { files.remove() }
    let path = files.path("\(name).npy")
    let error = #expect(throws: ImageError.self) { try Tensor.read(path) }
    let text = try #require(error).description
    #expect(text.hasPrefix(path + ": ") && text.contains(what), "\(text)")
    #expect(!text.contains("\n") && text.contains("; "))
  }

  @Test("that is damaged is refused or read, and nothing worse")
  func mutations() throws {
    let files = try PythonFiles(Self.python + "numpy.save('a.npy', values.astype('f4'))")
    defer { files.remove() }
    let whole = try files.bytes("a.npy")
    var random = SplitMix64(state: 11)
    var refused = 0
    for index in 0..<320 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        // Mostly in the header.
        let place = Int.random(in: 0..<(index % 4 == 0 ? whole.count : 80), using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      if index % 10 == 9 {
        bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      }
      do {
        let tensor = try NPY.decode(bytes, file: "a.npy")
        #expect(tensor.values.count == tensor.shape.count)
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"))
      }
    }
    #expect((150..<320).contains(refused))
  }
}
