// 3x3 convolution by Winograd's minimal filtering F(M, 3), M = 2 or 4, in one pass: each invocation
// transforms TILE_X / M neighbouring tiles of M + 2 x M + 2 inputs, multiplies them with transformed
// weights, sums over the input channels and transforms back to M x M outputs each.
//
//   output tile = A^T ((G g G^T) * (B^T d B)) A
//
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016).
//
// input    canonical layout
// weights  G g G^T: [tile][input texel][texel in tile][row][column][input lane], texels of four
//          output channels
// invocations: x, y one tile of pixels each, z one tile of output texels

#define N (M + 2)
#define TILES (TILE_X / M)

// One dimension of B^T d B.
void transform_input(inout real4 v[N]) {
#if M == 2
  const real4 a = v[0] - v[2], b = v[1] + v[2], c = v[2] - v[1], d = v[1] - v[3];
  v[0] = a; v[1] = b; v[2] = c; v[3] = d;
#else
  const real4 a = v[4] - real(4) * v[2], b = v[3] - real(4) * v[1];
  const real4 c = v[4] - v[2], d = real(2) * (v[3] - v[1]);
  v[0] = real(4) * v[0] - real(5) * v[2] + v[4];
  v[5] = real(4) * v[1] - real(5) * v[3] + v[5];
  v[1] = a + b; v[2] = a - b; v[3] = c + d; v[4] = c - d;
#endif
}

// One dimension of A^T m A.
void transform_output(in real4 v[N], out real4 r[M]) {
#if M == 2
  r[0] = v[0] + v[1] + v[2];
  r[1] = v[1] - v[2] - v[3];
#else
  const real4 a = v[1] + v[2], b = v[1] - v[2], c = v[3] + v[4], d = v[3] - v[4];
  r[0] = v[0] + a + c;
  r[1] = b + real(2) * d;
  r[2] = a + real(4) * c;
  r[3] = b + real(8) * d + v[5];
#endif
}

void main() {
  const uint x0 = gl_GlobalInvocationID.x * TILE_X;
  const uint y0 = gl_GlobalInvocationID.y * M;
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

  real4 sum[TILE_BLOCKS][TILES][N][N];
  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b)
    [[unroll]] for (int t = 0; t < TILES; ++t)
      [[unroll]] for (int y = 0; y < N; ++y)
        [[unroll]] for (int x = 0; x < N; ++x)
          sum[b][t][y][x] = real4(0);

  uint corner = inside
    ? FIRST_BLOCK(tile) * INPUT_PLANE + (y0 + HALO - 1) * INPUT_ROW + x0 + HALO - 1 : 0;
  uint weight = tile * GROUP_BLOCKS * (N * N * TILE_BLOCKS * 4);
  uint i = 0;
  do {
    real4 v[TILES][N][N];
    [[unroll]] for (int t = 0; t < TILES; ++t) {
      [[unroll]] for (int y = 0; y < N; ++y) {
        [[unroll]] for (int x = 0; x < N; ++x)
          v[t][y][x] = load_input(corner + y * INPUT_ROW + t * M + x);
        transform_input(v[t][y]);
      }
      [[unroll]] for (int x = 0; x < N; ++x) {
        real4 column[N];
        [[unroll]] for (int y = 0; y < N; ++y) column[y] = v[t][y][x];
        transform_input(column);
        [[unroll]] for (int y = 0; y < N; ++y) v[t][y][x] = column[y];
      }
    }
    [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
      [[unroll]] for (int y = 0; y < N; ++y) {
        FETCH_WEIGHTS(weight, N * 4)
        [[unroll]] for (int x = 0; x < N; ++x) {
          const real4 w0 = WEIGHT(x * 4), w1 = WEIGHT(x * 4 + 1);
          const real4 w2 = WEIGHT(x * 4 + 2), w3 = WEIGHT(x * 4 + 3);
          [[unroll]] for (int t = 0; t < TILES; ++t) {
            MULTIPLY_ADD(sum[b][t][y][x], v[t][y][x], w0, w1, w2, w3)
          }
        }
        weight += N * 4;
      }
    }
    corner += INPUT_PLANE;
  } while (++i < GROUP_BLOCKS);

  [[unroll]] for (int b = 0; b < TILE_BLOCKS; ++b) {
    const uint block = tile * TILE_BLOCKS + b;
    const PerChannel learned = per_channel(block);
    if (block < BLOCKS)
      [[unroll]] for (int t = 0; t < TILES; ++t) {
        real4 rows[N][M];
        [[unroll]] for (int y = 0; y < N; ++y) transform_output(sum[b][t][y], rows[y]);
        [[unroll]] for (int x = 0; x < M; ++x) {
          real4 column[N], result[M];
          [[unroll]] for (int y = 0; y < N; ++y) column[y] = rows[y][x];
          transform_output(column, result);
          [[unroll]] for (int y = 0; y < M; ++y)
            if (y0 + y < HEIGHT && x0 + t * M + x < WIDTH)
              finish(result[y], learned, block, y0 + y, x0 + t * M + x);
        }
      }
  }
}
