// The end of a convolution, from a sum on: bias, activation and residual, then the store. Bias and slopes
// are loaded once for a texel of a tile: few drivers notice that all pixels read one address.
//
// Texel `block` holds four neighbouring output channels, or with a pixel-shuffle store the four
// channels of texel `block / SHUFFLE^2` of the shuffled output at place `block % SHUFFLE^2`.

#if defined(SIGMOID)
// Zero for channels past the last, as the layout wants it: sigmoid makes 1/2 of their zeros.
real4 only_channels(real4 value, uint block) {
#if SHUFFLE == 1
  const uint first = (block + PASSING_BLOCKS) * 4;
#else
  const uint first = block / (SHUFFLE * SHUFFLE) * 4;
#endif
  [[unroll]] for (int lane = 0; lane < 4; ++lane)
    if (first + lane >= OUTPUT_CHANNELS) value[lane] = real(0);
  return value;
}
#endif

// The learned numbers of a texel of output channels.
struct PerChannel {
  real4 bias;
#if defined(PRELU)
  real4 slopes;
#endif
};

PerChannel per_channel(uint block) {
  PerChannel it;
  it.bias = load_bias(block);
#if defined(PRELU)
  it.slopes = load_slopes(block);
#endif
  return it;
}

real4 activate(real4 value, PerChannel learned, uint block) {
#if defined(RELU)
  return max(value, real4(0));
#elif defined(PRELU)
  return max(value, real4(0)) + learned.slopes * min(value, real4(0));
#elif defined(CLIP_MINIMUM)
  return clamp(value, real4(CLIP_MINIMUM), real4(CLIP_MAXIMUM));
#elif defined(SIGMOID)
  // The exponential of no positive number, so that it does not overflow.
  const real4 e = exp(-abs(value));
  return only_channels(mix(e, real4(1), greaterThan(value, real4(0))) / (real4(1) + e), block);
#elif defined(TANH)
  const real4 e = exp(real(-2) * abs(value));
  return sign(value) * ((real4(1) - e) / (real4(1) + e));
#else
  return value;
#endif
}

#if defined(RESIDUAL_BEFORE_ACTIVATION) || defined(RESIDUAL_AFTER_ACTIVATION)
real4 residual_at(uint block, uint y, uint x) {
  const uint pixel = (y + HALO) * RESIDUAL_ROW + x + HALO;
#if SHUFFLE == 1
  return load_residual(block * RESIDUAL_PLANE + pixel);
#else
  const uint places = SHUFFLE * SHUFFLE;
  real4 value = real4(0);
  [[unroll]] for (uint lane = 0; lane < 4; ++lane) {
    const uint shuffled = block / places * 4 + lane;
    const uint channel = shuffled * places + block % places;
    if (shuffled < OUTPUT_CHANNELS)
      value[lane] = load_residual(channel / 4 * RESIDUAL_PLANE + pixel, channel % 4);
  }
  return value;
#endif
}
#endif

void finish(real4 sum, PerChannel learned, uint block, uint y, uint x) {
  real4 value = sum + learned.bias;
#if defined(RESIDUAL_BEFORE_ACTIVATION)
  value += residual_at(block, y, x);
#endif
  value = activate(value, learned, block);
#if defined(RESIDUAL_AFTER_ACTIVATION)
  value += residual_at(block, y, x);
#endif
#if SHUFFLE == 1
  store_output(
    (block + PASSING_BLOCKS) * OUTPUT_PLANE + (y + HALO) * OUTPUT_ROW + x + HALO, value);
#else
  const uint places = SHUFFLE * SHUFFLE;
  const uint place = block % places;
  const uint row = y * SHUFFLE + place / SHUFFLE + HALO;
  const uint column = x * SHUFFLE + place % SHUFFLE + HALO;
  store_output(block / places * OUTPUT_PLANE + row * OUTPUT_ROW + column, value);
#endif
}

#if PASSING_BLOCKS > 0
// Work-groups along z that compute; those behind them copy.
#define OUTPUT_TILES ((BLOCKS + TILE_BLOCKS - 1) / TILE_BLOCKS)

// Copies a tile of pixels of one texel of passing channels, which lie behind those that are convolved
// and come out in front.
void pass(uint block, uint y0, uint x0) {
  const uint from = (INPUT_BLOCKS - PASSING_BLOCKS + block) * INPUT_PLANE;
  [[unroll]] for (int y = 0; y < TILE_Y; ++y) {
    [[unroll]] for (int x = 0; x < TILE_X; ++x) {
      const uint row = y0 + y + HALO, column = x0 + x + HALO;
      if (y0 + y < HEIGHT && x0 + x < WIDTH)
        store_output(
          block * OUTPUT_PLANE + row * OUTPUT_ROW + column,
          load_input(from + row * INPUT_ROW + column));
    }
  }
}
#endif
