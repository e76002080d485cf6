// Direct convolution, dense: each invocation sums TILE_X x TILE_Y pixels of TILE_BLOCKS output texels.
//
//   output[o, y, x] = epilogue(bias[o] + sum over i, ky, kx of
//       weights[o, i, ky, kx] * input[i, y * STRIDE + ky - KERNEL / 2, x * STRIDE + kx - KERNEL / 2])
//
// input    canonical layout; the zero halo stands for the padding
// weights  [tile][input texel][ky][kx][texel in tile][input lane], texels of four output channels
// invocations: x, y one tile of pixels each, z one tile of output texels
//
// Each row of inputs is loaded once for all taps along kx.

#extension GL_EXT_control_flow_attributes : require

#define SPAN ((TILE_X - 1) * STRIDE + KERNEL)

void main() {
  const uint x0 = gl_GlobalInvocationID.x * TILE_X;
  const uint y0 = gl_GlobalInvocationID.y * TILE_Y;
  const uint tile = gl_WorkGroupID.z;
  if (x0 >= WIDTH || y0 >= HEIGHT) return;

  vec4 sum[TILE_Y][TILE_X][TILE_BLOCKS];
  [[unroll]] for (int y = 0; y < TILE_Y; ++y)
    [[unroll]] for (int x = 0; x < TILE_X; ++x)
      [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b)
        sum[y][x][b] = vec4(0);

  const uint corner = (y0 * STRIDE + HALO - KERNEL / 2) * INPUT_ROW + x0 * STRIDE + HALO - KERNEL / 2;
  uint weight = tile * INPUT_BLOCKS * (KERNEL * KERNEL * TILE_BLOCKS * 4);
  for (uint i = 0; i < INPUT_BLOCKS; ++i) {
    for (uint ky = 0; ky < KERNEL; ++ky) {
      vec4 row[TILE_Y][SPAN];
      [[unroll]] for (int y = 0; y < TILE_Y; ++y)
        [[unroll]] for (int x = 0; x < SPAN; ++x)
          row[y][x] = load_input(i * INPUT_PLANE + corner + (y * STRIDE + ky) * INPUT_ROW + x);
      [[unroll]] for (int kx = 0; kx < KERNEL; ++kx) {
        [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
          const vec4 w0 = load_weights(weight), w1 = load_weights(weight + 1);
          const vec4 w2 = load_weights(weight + 2), w3 = load_weights(weight + 3);
          weight += 4;
          [[unroll]] for (int y = 0; y < TILE_Y; ++y) {
            [[unroll]] for (int x = 0; x < TILE_X; ++x) {
              const vec4 v = row[y][x * STRIDE + kx];
              sum[y][x][b] += v.x * w0 + v.y * w1 + v.z * w2 + v.w * w3;
            }
          }
        }
      }
    }
  }

  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
    const uint block = tile * TILE_BLOCKS + b;
    if (block >= BLOCKS) return;
    [[unroll]] for (int y = 0; y < TILE_Y; ++y)
      [[unroll]] for (int x = 0; x < TILE_X; ++x)
        if (y0 + y < HEIGHT && x0 + x < WIDTH)
          finish(sum[y][x][b], block, y0 + y, x0 + x);
  }
}
