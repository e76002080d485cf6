import Testing
import Workloads

/// Parts of the evaluator that need no PyTorch.
@Suite("Without training, the evaluator")
struct EvaluatorPartsTests {
  @Test("keeps exactly as many weights as tables count")
  func kept() throws {
    let schemes: [(String, Sparsity.Scheme)] = [
      ("pattern", .pattern(.default)), ("block-punched", .blockPunched),
      ("unstructured", .unstructured),
    ]
    var lines: [String] = []
    for (word, scheme) in schemes {
      for (outputs, inputs, kernel) in [
        (64, 16, 3), (19, 24, 3), (20, 144, 1), (13, 5, 3), (7, 3, 5),
      ]
      where word != "pattern" || kernel == 3 {
        for rate in [1, 1.3, 2, 2.5, 3, 3.6, 5, 7, 10] {
          let pruned = try Convolution(kernel: kernel, inputs: inputs, outputs: outputs)
            .pruned(scheme, rate: rate)
          lines.append("\(word) \(outputs) \(inputs) \(kernel) \(rate) \(pruned.keptWeights)")
        }
      }
    }
    try withEvaluator { evaluator in
      let outcome = try evaluator.python(
        [
          "-c",
          """
          import sys, numpy, evaluator
          random = numpy.random.default_rng(1)
          for line in sys.stdin:
              scheme, *numbers, rate, kept = line.split()
              outputs, inputs, kernel = map(int, numbers)
              weight = random.normal(size=(outputs, inputs, kernel, kernel))
              mask = evaluator.mask_by(scheme, float(rate), weight, "layer")
              assert mask.shape == weight.shape and mask.sum() == int(kept), (line, mask.sum())
              if scheme == "block-punched":
                  for block in evaluator.blocks(outputs, inputs):
                      assert (mask[block] == mask[block][:1, :1]).all()
          """,
        ], input: lines.joined(separator: "\n") + "\n")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  /// Half-way between pixels, MATLAB's kernel for half the size has these eight weights.
  @Test("scales pictures as MATLAB's imresize does")
  func bicubic() throws {
    try withEvaluator { evaluator in
      let outcome = try evaluator.python([
        "-c",
        """
        import numpy, evaluator
        outer = [-3 / 256, -9 / 256, 29 / 256, 111 / 256]
        taps, weights = evaluator.bicubic_taps(16, 8)
        row = numpy.zeros(16)
        numpy.add.at(row, taps[4], weights[4])
        assert numpy.allclose(row[5:13], outer + outer[::-1], atol=1e-15), row
        # The edge is mirrored, and a line stays a line inside.
        row = numpy.zeros(16)
        numpy.add.at(row, taps[0], weights[0])
        assert numpy.allclose(row[:5], [111 / 256 + 29 / 256, 111 / 256 - 9 / 256, 29 / 256 - 3 / 256, -9 / 256, -3 / 256]), row
        line = numpy.arange(24.0)[:, None, None] * [[[1, 2, 3]]]
        half = evaluator.bicubic(line, 12, 1)
        assert numpy.allclose(half[2:-2, 0, 0], numpy.arange(12)[2:-2] * 2 + 0.5), half
        back = evaluator.bicubic(half, 24, 1)
        assert numpy.allclose(back[8:-8], line[8:-8]), back
        # Twice as large: the kernel's values a quarter and three quarters from its centre.
        taps, weights = evaluator.bicubic_taps(8, 16)
        row = numpy.zeros(8)
        numpy.add.at(row, taps[8], weights[8])
        assert numpy.allclose(row[2:6], [-3 / 128, 29 / 128, 111 / 128, -9 / 128]), row
        """,
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  @Test("judges bicubic enlargement, and reads grey and 16-bit pictures")
  func judging() throws {
    try withEvaluator { evaluator in
      let made = try evaluator.python([
        "-c",
        """
        import os, numpy
        from PIL import Image
        for name in ("pictures", "odd"):
            os.mkdir(name)
        y, x = numpy.mgrid[:40, :45]
        grey = (128 + 100 * numpy.sin(x / 5 + y / 9)).astype(numpy.uint8)
        Image.fromarray(grey).save("pictures/grey.png")
        Image.fromarray(grey.astype(numpy.uint16) * 257).save("pictures/deep.PNG")
        Image.fromarray(numpy.stack([grey] * 3, 2)).save("pictures/colours.bmp")
        Image.fromarray(grey).convert("P").save("pictures/palette.png")
        Image.fromarray(grey[:20, :14]).save("odd/small.png")
        import evaluator as e
        pictures = [e.read_image("pictures/" + name) for name in ("grey.png", "deep.PNG", "colours.bmp", "palette.png")]
        assert all((picture == pictures[0]).all() and picture.shape == (40, 45, 3) for picture in pictures)
        one = numpy.full((20, 20), 100.0)
        assert e.psnr(one, one) == 100 and abs(e.ssim(one, one) - 1) < 1e-12
        assert abs(e.psnr(one, one + 1) - 48.1308) < 1e-4
        assert e.brightness(numpy.array([255, 255, 255])) == 235 and e.brightness(numpy.zeros(3)) == 16
        """,
      ])
      #expect(made.status == 0, "\(made.errors)")
      let judged = try evaluator.python([
        "evaluator.py", "--bicubic", "--validate", "pictures", "--scale", "2",
      ])
      #expect(judged.output.hasPrefix("bicubic x2: PSNR-Y "), "\(judged)")
      let odd = try evaluator.python(["evaluator.py", "--bicubic", "--validate", "odd"])
      #expect(odd.status == 1)
      #expect(
        odd.errors
          == "evaluator: odd/small.png: 14x20 is too small to judge by; a side has at least 17 pixels\n"
      )
    }
  }
}
