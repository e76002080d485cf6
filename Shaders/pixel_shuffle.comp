// Depth to space: output[c, y, x] =
//     input[c * FACTOR^2 + (y % FACTOR) * FACTOR + x % FACTOR, y / FACTOR, x / FACTOR].
// Each invocation loads the FACTOR^2 texels of input that hold four channels of output at FACTOR x
// FACTOR places, each once.
// invocations: x, y one pixel of input each, z one texel of output channels

// Rows of output that are made of the same texels, and the number of their texel n among all. A row that
// shares none is stored before the next one's are loaded, so that few registers do.
#if FACTOR % 4 == 0
#define ROWS 1
#define TEXEL(n) ((n) * 4 / FACTOR * (FACTOR * FACTOR / 4) + first * FACTOR / 4 + (n) % (FACTOR / 4))
#else
#define ROWS FACTOR
#define TEXEL(n) (n)
#endif

void main() {
  const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
  if (at.x >= WIDTH || at.y >= HEIGHT) return;
  const uint pixel = (at.y + HALO) * INPUT_ROW + at.x + HALO;
  const uint corner =
    at.z * OUTPUT_PLANE + (at.y * FACTOR + HALO) * OUTPUT_ROW + at.x * FACTOR + HALO;
  [[unroll]] for (int first = 0; first < FACTOR; first += ROWS) {
    real4 v[ROWS * FACTOR];
    [[unroll]] for (int n = 0; n < ROWS * FACTOR; ++n) {
      const uint block = at.z * (FACTOR * FACTOR) + TEXEL(n);
      v[n] = block < INPUT_BLOCKS ? load_input(block * INPUT_PLANE + pixel) : real4(0);
    }
    [[unroll]] for (int y = 0; y < ROWS; ++y) {
      [[unroll]] for (int x = 0; x < FACTOR; ++x) {
        real4 value;
        [[unroll]] for (int lane = 0; lane < 4; ++lane) {
          const int channel = (lane * ROWS + y) * FACTOR + x;
          value[lane] = at.z * 4 + lane < OUTPUT_CHANNELS ? v[channel / 4][channel % 4] : real(0);
        }
        store_output(corner + (first + y) * OUTPUT_ROW + x, value);
      }
    }
  }
}
