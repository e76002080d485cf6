// Convolution as an implicit matrix product: a work-group computes a row of GROUP_X * TILE_X pixels of
// GROUP_Y * TILE_BLOCKS output texels, and shares what it loads. For each input texel and kernel row
// it copies the row of inputs and the weights of KERNEL taps to shared memory; nothing like the
// unfolded matrix (im2col) is ever stored.
//
//   output[o, y, x] = epilogue(bias[o] + sum over i, ky, kx of
//       weights[o, i, ky, kx] * input[i, y * STRIDE + ky - KERNEL / 2, x * STRIDE + kx - KERNEL / 2])
//
// input    canonical layout
// weights  [tile][input texel][ky][kx][texel in tile][input lane]
// invocations: x TILE_X pixels that are GROUP_X apart, y one tile of output texels, z one row of pixels

#define SPAN ((GROUP_X * TILE_X - 1) * STRIDE + KERNEL)
#define TAPS (KERNEL * TILE_BLOCKS * 4)

shared real4 inputs[SPAN];
shared real4 weights[GROUP_Y * TAPS];

void main() {
  const uint first = gl_WorkGroupID.x * GROUP_X * TILE_X;
  const uint lane = gl_LocalInvocationID.x;
  const uint y = gl_WorkGroupID.z;
  const uint tile = gl_GlobalInvocationID.y;
  const uint tiles = (BLOCKS + TILE_BLOCKS - 1) / TILE_BLOCKS;

  real4 sum[TILE_X][TILE_BLOCKS];
  [[unroll]] for (int x = 0; x < TILE_X; ++x)
    [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b)
      sum[x][b] = real4(0);

  uint i = 0;
  do {
    uint ky = 0;
    do {
      const uint row = i * INPUT_PLANE + (y * STRIDE + ky + HALO - KERNEL / 2) * INPUT_ROW;
      barrier();
      for (uint n = gl_LocalInvocationIndex; n < SPAN; n += GROUP_X * GROUP_Y)
        inputs[n] = load_input(row + min(first * STRIDE + HALO - KERNEL / 2 + n, INPUT_ROW - 1));
      for (uint n = gl_LocalInvocationIndex; n < GROUP_Y * TAPS; n += GROUP_X * GROUP_Y) {
        const uint of = min(gl_WorkGroupID.y * GROUP_Y + n / TAPS, tiles - 1);
        weights[n] = load_weights(((of * INPUT_BLOCKS + i) * KERNEL + ky) * TAPS + n % TAPS);
      }
      barrier();
      const uint mine = gl_LocalInvocationID.y * TAPS;
      [[unroll]] for (int kx = 0; kx < KERNEL; ++kx) {
        real4 v[TILE_X];
        [[unroll]] for (int x = 0; x < TILE_X; ++x)
          v[x] = inputs[(lane + x * GROUP_X) * STRIDE + kx];
        [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
          const uint n = mine + (kx * TILE_BLOCKS + b) * 4;
          const real4 w0 = weights[n], w1 = weights[n + 1], w2 = weights[n + 2], w3 = weights[n + 3];
          [[unroll]] for (int x = 0; x < TILE_X; ++x) {
            MULTIPLY_ADD(sum[x][b], v[x], w0, w1, w2, w3)
          }
        }
      }
    } while (++ky < KERNEL);
  } while (++i < INPUT_BLOCKS);

  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
    const uint block = tile * TILE_BLOCKS + b;
    const PerChannel learned = per_channel(block);
    if (block < BLOCKS)
      [[unroll]] for (int x = 0; x < TILE_X; ++x)
        if (first + lane + x * GROUP_X < WIDTH)
          finish(sum[x][b], learned, block, y, first + lane + x * GROUP_X);
  }
}
