// Ceiling of arithmetic: chains of multiply-adds that do not wait for one another, all in registers.
// Two of them move a number by 1/256: doubled, then halved, so that every step is exact in 16 bits too
// and a loop that ends early is seen. The factors come from memory, so that no compiler knows them.
// invocations: any number along x

void main() {
  const TYPE grow = TYPE(factors.x), shrink = TYPE(factors.y);
  const TYPE add = TYPE(factors.z), step = TYPE(factors.w);
  const float start = 1.0 + float(gl_LocalInvocationIndex & 63u) / 256.0;
  TYPE x[ACCUMULATORS];
  [[unroll]] for (int i = 0; i < ACCUMULATORS; ++i)
    x[i] = TYPE(start + (vec4(0, 1, 2, 3) + 4.0 * float(i)) / 256.0);
  for (uint trip = 0u; trip < trips.x; ++trip) {
    for (int pair = 0; pair < PAIRS; ++pair) {
      [[unroll]] for (int i = 0; i < ACCUMULATORS; ++i) x[i] = x[i] * grow + add;
      [[unroll]] for (int i = 0; i < ACCUMULATORS; ++i) x[i] = x[i] * shrink + step;
    }
  }
  vec4 sum = vec4(0);
  [[unroll]] for (int i = 0; i < ACCUMULATORS; ++i) sum += vec4(x[i]);
  output_[gl_GlobalInvocationID.x] = sum;
}
