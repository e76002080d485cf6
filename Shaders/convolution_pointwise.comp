// 1x1 convolution, dense: a matrix product of weights and pixels. Each invocation sums
// TILE_X x TILE_Y pixels of TILE_BLOCKS output texels, UNROLL input texels in each turn of its loop.
//
//   output[o, y, x] = epilogue(bias[o] + sum over i of weights[o, i] * input[i, y * STRIDE, x * STRIDE])
//
// input    canonical layout
// weights  [tile][input texel][texel in tile][input lane], texels of four output channels
// invocations: x, y one tile of pixels each, z one tile of output texels

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

  uint pixel = inside
    ? FIRST_BLOCK(tile) * INPUT_PLANE + (y0 * STRIDE + HALO) * INPUT_ROW + x0 * STRIDE + HALO
    : 0;
  uint weight = tile * GROUP_BLOCKS * (TILE_BLOCKS * 4);
  uint i = 0;
  do {
    real4 v[UNROLL][TILE_Y][TILE_X];
    [[unroll]] for (int u = 0; u < UNROLL; ++u)
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < TILE_X; ++x)
          v[u][y][x] = load_input(pixel + u * INPUT_PLANE + y * STRIDE * INPUT_ROW + x * STRIDE);
    FETCH_WEIGHTS(weight, UNROLL * TILE_BLOCKS * 4)
    [[unroll]] for (int u = 0; u < UNROLL; ++u) {
      [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
        const int n = (u * TILE_BLOCKS + b) * 4;
        const real4 w0 = WEIGHT(n), w1 = WEIGHT(n + 1), w2 = WEIGHT(n + 2), w3 = WEIGHT(n + 3);
        [[unroll]] for (int y = 0; y < TILE_Y; ++y)
          [[unroll]] for (int x = 0; x < TILE_X; ++x) {
            MULTIPLY_ADD(sum[y][x][b], v[u][y][x], w0, w1, w2, w3)
          }
      }
    }
    weight += UNROLL * TILE_BLOCKS * 4;
    pixel += UNROLL * INPUT_PLANE;
    i += UNROLL;
  } while (i < GROUP_BLOCKS);

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
