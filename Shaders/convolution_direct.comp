// Direct convolution, dense: each invocation sums TILE_X x TILE_Y pixels of TILE_BLOCKS output texels.
//
//   output[o, y, x] = epilogue(bias[o] + sum over i, ky, kx of
//       weights[o, i, ky, kx] * input[i, y * STRIDE + ky - KERNEL / 2, x * STRIDE + kx - KERNEL / 2])
//
// input    canonical layout; the zero halo stands for the padding
// weights  [tile][input texel][ky][kx][texel in tile][input lane], texels of four output channels
// invocations: x, y one tile of pixels each, z one tile of output texels
//
// Each row of inputs is loaded once for all taps along kx. Loops test at their end: some drivers run
// the body of a loop that tests first once more, masked.

#define SPAN ((TILE_X - 1) * STRIDE + KERNEL)

void main() {
  const uint x0 = gl_GlobalInvocationID.x * TILE_X;
  const uint y0 = gl_GlobalInvocationID.y * TILE_Y;
  const uint tile = gl_WorkGroupID.z;
#if PASSING_BLOCKS > 0
  if (tile >= OUTPUT_TILES) {
    pass(tile - OUTPUT_TILES, y0, x0);
    return;
  }
#endif
  const bool inside = x0 < WIDTH && y0 < HEIGHT;
#if !defined(COOPERATIVE)
  if (!inside) return;
#endif

  real4 sum[TILE_Y][TILE_X][TILE_BLOCKS];
  [[unroll]] for (int y = 0; y < TILE_Y; ++y)
    [[unroll]] for (int x = 0; x < TILE_X; ++x)
      [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b)
        sum[y][x][b] = real4(0);

  const uint corner = inside
    ? FIRST_BLOCK(tile) * INPUT_PLANE
        + (y0 * STRIDE + HALO - KERNEL / 2) * INPUT_ROW + x0 * STRIDE + HALO - KERNEL / 2
    : 0;
  uint weight = tile * GROUP_BLOCKS * (KERNEL * KERNEL * TILE_BLOCKS * 4);
  uint i = 0;
  do {
    uint ky = 0;
    do {
      real4 row[TILE_Y][SPAN];
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < SPAN; ++x)
          row[y][x] = load_input(i * INPUT_PLANE + corner + (y * STRIDE + ky) * INPUT_ROW + x);
      FETCH_WEIGHTS(weight, KERNEL * TILE_BLOCKS * 4)
      [[unroll]] for (int kx = 0; kx < KERNEL; ++kx) {
        [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
          const int n = (kx * TILE_BLOCKS + b) * 4;
          const real4 w0 = WEIGHT(n), w1 = WEIGHT(n + 1), w2 = WEIGHT(n + 2), w3 = WEIGHT(n + 3);
          [[unroll]] for (int y = 0; y < TILE_Y; ++y) {
            [[unroll]] for (int x = 0; x < TILE_X; ++x) {
              const real4 v = row[y][x * STRIDE + kx];
              MULTIPLY_ADD(sum[y][x][b], v, w0, w1, w2, w3)
            }
          }
        }
      }
      weight += KERNEL * TILE_BLOCKS * 4;
    } while (++ky < KERNEL);
  } while (++i < GROUP_BLOCKS);

  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
    const uint block = tile * TILE_BLOCKS + b;
    const PerChannel learned = per_channel(block);
    if (block < BLOCKS)
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < TILE_X; ++x)
          if (y0 + y < HEIGHT && x0 + x < WIDTH)
            finish(sum[y][x][b], learned, block, y0 + y, x0 + x);
  }
}
