// Resize by repetition: output[c, y, x] = input[c, y / FACTOR, x / FACTOR].
// invocations: x, y one pixel of output each, z one texel of channels

void main() {
  const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
  if (at.x >= WIDTH || at.y >= HEIGHT) return;
  const uint from = (at.y / FACTOR + HALO) * INPUT_ROW + at.x / FACTOR + HALO;
  store_output(
    at.z * OUTPUT_PLANE + (at.y + HALO) * OUTPUT_ROW + at.x + HALO,
    load_input(at.z * INPUT_PLANE + from));
}
