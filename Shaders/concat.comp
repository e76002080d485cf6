// Concatenation by copying: output[c] = c < FIRST_CHANNELS ? input[c] : second[c - FIRST_CHANNELS].
// Whole texels where the seam lies between two of them, single channels elsewhere.
// invocations: x, y one pixel each, z one texel of output channels

real channel_at(uint channel, uint first_pixel, uint second_pixel) {
  if (channel < FIRST_CHANNELS)
    return load_input(channel / 4 * INPUT_PLANE + first_pixel, channel % 4);
  channel -= FIRST_CHANNELS;
  return load_second(channel / 4 * SECOND_PLANE + second_pixel, channel % 4);
}

void main() {
  const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
  if (at.x >= WIDTH || at.y >= HEIGHT) return;
  const uint first_pixel = (at.y + HALO) * INPUT_ROW + at.x + HALO;
  const uint second_pixel = (at.y + HALO) * SECOND_ROW + at.x + HALO;
  real4 value = real4(0);
  if ((at.z + 1) * 4 <= FIRST_CHANNELS) {
    value = load_input(at.z * INPUT_PLANE + first_pixel);
  } else if (FIRST_CHANNELS % 4 == 0) {
    value = load_second((at.z - FIRST_CHANNELS / 4) * SECOND_PLANE + second_pixel);
  } else {
    for (uint lane = 0; lane < 4; ++lane)
      if (at.z * 4 + lane < OUTPUT_CHANNELS)
        value[lane] = channel_at(at.z * 4 + lane, first_pixel, second_pixel);
  }
  store_output(at.z * OUTPUT_PLANE + (at.y + HALO) * OUTPUT_ROW + at.x + HALO, value);
}
