// First step of channel attention: output[c, 0, 0] = mean over y, x of input[c, y, x].
// One work-group sums one texel of channels: each invocation its share of the pixels, then a tree in
// shared memory.
// invocations: x the work-group (GROUP_X a power of two), z one texel of channels

shared real4 partial[GROUP_X];

void main() {
  const uint lane = gl_LocalInvocationID.x;
  const uint block = gl_WorkGroupID.z;
  real4 sum = real4(0);
  for (uint pixel = lane; pixel < WIDTH * HEIGHT; pixel += GROUP_X) {
    const uint y = pixel / WIDTH, x = pixel % WIDTH;
    sum += load_input(block * INPUT_PLANE + (y + HALO) * INPUT_ROW + x + HALO);
  }
  partial[lane] = sum;
  barrier();
  for (uint half_count = GROUP_X / 2; half_count > 0; half_count /= 2) {
    if (lane < half_count) partial[lane] += partial[lane + half_count];
    barrier();
  }
  if (lane == 0)
    store_output(
      block * OUTPUT_PLANE + HALO * OUTPUT_ROW + HALO, partial[0] / real(WIDTH * HEIGHT));
}
