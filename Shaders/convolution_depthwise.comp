// Depthwise convolution: each invocation sums TILE_X x TILE_Y pixels of one texel of channels.
//
//   output[c, y, x] = epilogue(bias[c] + sum over ky, kx of
//       weights[c, ky, kx] * input[c, y * STRIDE + ky - KERNEL / 2, x * STRIDE + kx - KERNEL / 2])
//
// input    canonical layout; the zero halo stands for the padding
// weights  [texel][ky][kx], texels of four channels
// invocations: x, y one tile of pixels each, z one texel of channels

#define SPAN ((TILE_X - 1) * STRIDE + KERNEL)

void main() {
  const uint x0 = gl_GlobalInvocationID.x * TILE_X;
  const uint y0 = gl_GlobalInvocationID.y * TILE_Y;
  const uint block = gl_WorkGroupID.z;
  if (x0 >= WIDTH || y0 >= HEIGHT) return;

  real4 sum[TILE_Y][TILE_X];
  [[unroll]] for (int y = 0; y < TILE_Y; ++y)
    [[unroll]] for (int x = 0; x < TILE_X; ++x)
      sum[y][x] = real4(0);

  const uint corner = block * INPUT_PLANE
    + (y0 * STRIDE + HALO - KERNEL / 2) * INPUT_ROW + x0 * STRIDE + HALO - KERNEL / 2;
  uint ky = 0;
  do {
    real4 row[TILE_Y][SPAN];
    [[unroll]] for (int y = 0; y < TILE_Y; ++y)
      [[unroll]] for (int x = 0; x < SPAN; ++x)
        row[y][x] = load_input(corner + (y * STRIDE + ky) * INPUT_ROW + x);
    [[unroll]] for (int kx = 0; kx < KERNEL; ++kx) {
      const real4 weight = load_weights((block * KERNEL + ky) * KERNEL + kx);
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < TILE_X; ++x)
          sum[y][x] = fma(row[y][x * STRIDE + kx], weight, sum[y][x]);
    }
  } while (++ky < KERNEL);

  const PerChannel learned = per_channel(block);
  [[unroll]] for (int y = 0; y < TILE_Y; ++y)
    [[unroll]] for (int x = 0; x < TILE_X; ++x)
      if (y0 + y < HEIGHT && x0 + x < WIDTH)
        finish(sum[y][x], learned, block, y0 + y, x0 + x);
}
