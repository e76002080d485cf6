// Pruned convolution by lists: for each tile of TILE_BLOCKS output texels, a list of the places (input
// texel, ky, kx) where any of its weights is kept; all others are skipped. That serves any mask, and
// best one whose blocks are as large as the tile (block-punched).
//
// input    canonical layout
// places   texel `tile`: first and last place of the tile; behind them, for each place, input texel,
//          ky and kx, as whole numbers
// weights  [place][texel in tile][input lane], texels of four output channels
// invocations: x, y one tile of pixels each, z one tile of output texels

void main() {
  const uint x0 = gl_GlobalInvocationID.x * TILE_X;
  const uint y0 = gl_GlobalInvocationID.y * TILE_Y;
  const uint tile = gl_WorkGroupID.z;
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
    ? (y0 * STRIDE + HALO - KERNEL / 2) * INPUT_ROW + x0 * STRIDE + HALO - KERNEL / 2 : 0;
  const uint tiles = (BLOCKS + TILE_BLOCKS - 1) / TILE_BLOCKS;
  const vec4 range = load_places(tile);
  const uint last = uint(range.y);
  uint n = uint(range.x);
  do {
    const uvec4 place = uvec4(load_places(tiles + n));
    const uint from = corner + place.x * INPUT_PLANE + place.y * INPUT_ROW + place.z;
    real4 v[TILE_Y][TILE_X];
    [[unroll]] for (int y = 0; y < TILE_Y; ++y)
      [[unroll]] for (int x = 0; x < TILE_X; ++x)
        v[y][x] = load_input(from + y * STRIDE * INPUT_ROW + x * STRIDE);
    FETCH_WEIGHTS(n * (TILE_BLOCKS * 4), TILE_BLOCKS * 4)
    [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
      const real4 w0 = WEIGHT(b * 4), w1 = WEIGHT(b * 4 + 1);
      const real4 w2 = WEIGHT(b * 4 + 2), w3 = WEIGHT(b * 4 + 3);
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < TILE_X; ++x) {
          MULTIPLY_ADD(sum[y][x][b], v[y][x], w0, w1, w2, w3)
        }
    }
  } while (++n <= last);

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
