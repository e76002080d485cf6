// Last step of channel attention: output[c, y, x] = input[c, y, x] * scale[c, 0, 0].
// invocations: x, y one pixel each, z one texel of channels

void main() {
  const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
  if (at.x >= WIDTH || at.y >= HEIGHT) return;
  const uint texel = at.z * OUTPUT_PLANE + (at.y + HALO) * OUTPUT_ROW + at.x + HALO;
  const real4 scale = load_scale(at.z * SCALE_PLANE + HALO * SCALE_ROW + HALO);
  store_output(texel, load_input(texel) * scale);
}
