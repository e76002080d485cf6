// Depth to space: output[c, y, x] =
//     input[c * FACTOR^2 + (y % FACTOR) * FACTOR + x % FACTOR, y / FACTOR, x / FACTOR].
// invocations: x, y one output pixel each, z one texel of output channels

void main() {
  const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
  if (at.x >= WIDTH || at.y >= HEIGHT) return;
  const uint pixel = (at.y / FACTOR + HALO) * INPUT_ROW + at.x / FACTOR + HALO;
  const uint place = at.y % FACTOR * FACTOR + at.x % FACTOR;
  vec4 value = vec4(0);
  for (uint lane = 0; lane < 4; ++lane) {
    const uint channel = (at.z * 4 + lane) * FACTOR * FACTOR + place;
    if (at.z * 4 + lane < OUTPUT_CHANNELS)
      value[lane] = load_input(channel / 4 * INPUT_PLANE + pixel, channel % 4);
  }
  store_output(at.z * OUTPUT_PLANE + (at.y + HALO) * OUTPUT_ROW + at.x + HALO, value);
}
