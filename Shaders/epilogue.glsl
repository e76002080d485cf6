// What a convolution does with a finished sum: bias, activation and residual, then the store.
//
// Texel `block` holds four neighbouring output channels, or with a pixel-shuffle store the four
// channels of texel `block / SHUFFLE^2` of the shuffled output at place `block % SHUFFLE^2`.

real4 activate(real4 value, uint block) {
#if defined(RELU)
  return max(value, real4(0));
#elif defined(PRELU)
  return max(value, real4(0)) + load_slopes(block) * min(value, real4(0));
#elif defined(CLIP_MINIMUM)
  return clamp(value, real4(CLIP_MINIMUM), real4(CLIP_MAXIMUM));
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
  for (uint lane = 0; lane < 4; ++lane) {
    const uint shuffled = block / places * 4 + lane;
    const uint channel = shuffled * places + block % places;
    if (shuffled < OUTPUT_CHANNELS)
      value[lane] = load_residual(channel / 4 * RESIDUAL_PLANE + pixel, channel % 4);
  }
  return value;
#endif
}
#endif

void finish(real4 sum, uint block, uint y, uint x) {
  real4 value = sum + load_bias(block);
#if defined(RESIDUAL_BEFORE_ACTIVATION)
  value += residual_at(block, y, x);
#endif
  value = activate(value, block);
#if defined(RESIDUAL_AFTER_ACTIVATION)
  value += residual_at(block, y, x);
#endif
#if SHUFFLE == 1
  store_output(block * OUTPUT_PLANE + (y + HALO) * OUTPUT_ROW + x + HALO, value);
#else
  const uint places = SHUFFLE * SHUFFLE;
  const uint place = block % places;
  const uint row = y * SHUFFLE + place / SHUFFLE + HALO;
  const uint column = x * SHUFFLE + place % SHUFFLE + HALO;
  store_output(block / places * OUTPUT_PLANE + row * OUTPUT_ROW + column, value);
#endif
}
