// Ceiling of memory: each invocation copies some texels, neighbours beside one another.
// invocations: texels / TEXELS along x

void main() {
  const uint first = gl_WorkGroupID.x * gl_WorkGroupSize.x * TEXELS + gl_LocalInvocationID.x;
  vec4 value[TEXELS];
  [[unroll]] for (int i = 0; i < TEXELS; ++i) value[i] = load_input(first + i * gl_WorkGroupSize.x);
  [[unroll]] for (int i = 0; i < TEXELS; ++i) output_[first + i * gl_WorkGroupSize.x] = value[i];
}
