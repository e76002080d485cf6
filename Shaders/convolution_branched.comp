// Pattern-pruned 3x3 convolution: each invocation holds a window of inputs in registers, and for each
// kernel branches to the code of its pattern; removed kernels cost one branch. All invocations of a
// work-group take the same branch.
//
// input    canonical layout
// places   [tile][input texel][texel in tile][input lane]: the pattern's number, from 1, of the kernels
//          of four output channels; 0 for a removed one
// weights  [tile][input texel][texel in tile][input lane][output lane][TEXELS]: the kept weights of a
//          kernel in rising order of their positions
// invocations: x, y one tile of pixels each, z one tile of output texels
//
// PATTERNS(o) is the list of cases, written by the generator: each adds TAP(o, position, weight) for
// the positions its pattern keeps.

#define SPAN_X ((TILE_X - 1) * STRIDE + KERNEL)
#define SPAN_Y ((TILE_Y - 1) * STRIDE + KERNEL)

#define TAP(o, position, weight)                                                                 \
  [[unroll]] for (int y = 0; y < TILE_Y; ++y)                                                    \
    [[unroll]] for (int x = 0; x < TILE_X; ++x)                                                  \
      sum[b][y][x][o] = fma(                                                                     \
        window[y * STRIDE + (position) / KERNEL][x * STRIDE + (position) % KERNEL][lane], weight,\
        sum[b][y][x][o]);

void main() {
  const uint x0 = gl_GlobalInvocationID.x * TILE_X;
  const uint y0 = gl_GlobalInvocationID.y * TILE_Y;
  const uint tile = gl_WorkGroupID.z;
  if (x0 >= WIDTH || y0 >= HEIGHT) return;

  real4 sum[TILE_BLOCKS][TILE_Y][TILE_X];
  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b)
    [[unroll]] for (int y = 0; y < TILE_Y; ++y)
      [[unroll]] for (int x = 0; x < TILE_X; ++x)
        sum[b][y][x] = real4(0);

  uint corner = (y0 * STRIDE + HALO - KERNEL / 2) * INPUT_ROW + x0 * STRIDE + HALO - KERNEL / 2;
  uint kernels = tile * INPUT_BLOCKS * (TILE_BLOCKS * 4);
  uint i = 0;
  do {
    real4 window[SPAN_Y][SPAN_X];
    [[unroll]] for (int y = 0; y < SPAN_Y; ++y)
      [[unroll]] for (int x = 0; x < SPAN_X; ++x)
        window[y][x] = load_input(corner + y * INPUT_ROW + x);
    [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
      [[unroll]] for (int lane = 0; lane < 4; ++lane) {
        const uvec4 patterns = uvec4(load_places(kernels));
        [[unroll]] for (int o = 0; o < 4; ++o) {
          real4 w[TEXELS];
          [[unroll]] for (int n = 0; n < TEXELS; ++n)
            w[n] = load_weights((kernels * 4 + o) * TEXELS + n);
          switch (patterns[o]) { PATTERNS(o) }
        }
        ++kernels;
      }
    }
    corner += INPUT_PLANE;
  } while (++i < INPUT_BLOCKS);

  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
    const uint block = tile * TILE_BLOCKS + b;
    const PerChannel learned = per_channel(block);
    if (block < BLOCKS)
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < TILE_X; ++x)
          if (y0 + y < HEIGHT && x0 + x < WIDTH)
            finish(sum[b][y][x], learned, block, y0 + y, x0 + x);
  }
}
