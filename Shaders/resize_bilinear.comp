// Bilinear resize with pixel centres at half: output pixel x lies at (x + 1/2) / FACTOR - 1/2 of the
// input, which is (2 * (x % FACTOR) + 1 - FACTOR) / (2 * FACTOR) beside the centre of pixel x / FACTOR.
// The neighbour on that side has this share; pixels at the border go on beyond it.
// invocations: x, y one pixel of output each, z one texel of channels

// Share of the neighbour.
real share(uint at) {
  return real(abs(2 * int(at % FACTOR) + 1 - FACTOR)) / real(2 * FACTOR);
}

// The neighbour, of `count` pixels.
uint neighbour(uint at, uint count) {
  const int step = 2 * int(at % FACTOR) + 1 > FACTOR ? 1 : -1;
  return uint(clamp(int(at / FACTOR) + step, 0, int(count) - 1));
}

void main() {
  const uvec3 at = uvec3(gl_GlobalInvocationID.xy, gl_WorkGroupID.z);
  if (at.x >= WIDTH || at.y >= HEIGHT) return;
  const uint plane = at.z * INPUT_PLANE + HALO;
  const uint near_row = plane + (at.y / FACTOR + HALO) * INPUT_ROW;
  const uint far_row = plane + (neighbour(at.y, HEIGHT / FACTOR) + HALO) * INPUT_ROW;
  const uint near_x = at.x / FACTOR, far_x = neighbour(at.x, WIDTH / FACTOR);
  const real4 x = real4(share(at.x)), y = real4(share(at.y));
  store_output(
    at.z * OUTPUT_PLANE + (at.y + HALO) * OUTPUT_ROW + at.x + HALO,
    mix(
      mix(load_input(near_row + near_x), load_input(near_row + far_x), x),
      mix(load_input(far_row + near_x), load_input(far_row + far_x), x), y));
}
