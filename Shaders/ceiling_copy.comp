// Ceiling of memory: each invocation copies some texels, neighbours beside one another.
// invocations: texels / TEXELS along x

void main() {
  const uint first = gl_WorkGroupID.x * gl_WorkGroupSize.x * TEXELS + gl_LocalInvocationID.x;
  for (uint i = 0u; i < TEXELS; ++i) {
    const uint texel = first + i * gl_WorkGroupSize.x;
    output_[texel] = load_input(texel);
  }
}
