/// Shaders of the tests.
enum Shader {
  /// sum[i] = left[i] + right[i] over `TYPE`; constants: 0 is the workgroup's size, 1 the length.
  static let add = """
    #version 450
    layout(local_size_x_id = 0) in;
    layout(constant_id = 1) const uint length = 1;
    layout(binding = 0) readonly buffer Left { TYPE left[]; };
    layout(binding = 1) readonly buffer Right { TYPE right[]; };
    layout(binding = 2) writeonly buffer Sum { TYPE sum[]; };
    void main() {
      uint i = gl_GlobalInvocationID.x;
      if (i < length) sum[i] = left[i] + right[i];
    }
    """

  /// result[i] = texel i scaled by factor[0], and by 2 to the power of constant 0.
  static let scale = """
    #version 450
    layout(local_size_x = 1) in;
    layout(constant_id = 0) const uint doublings = 0;
    layout(constant_id = 1) const float offset = 0;
    layout(binding = 0) uniform samplerBuffer texels;
    layout(binding = 1) uniform Factor { vec4 factor; };
    layout(binding = 2) writeonly buffer Result { vec4 result[]; };
    void main() {
      int i = int(gl_GlobalInvocationID.x);
      result[i] = texelFetch(texels, i) * factor.x * float(1u << doublings) + offset;
    }
    """

  /// Adds one to a counter.
  static let increment = """
    #version 450
    layout(local_size_x = 1) in;
    layout(binding = 0) buffer Counter { uint counter; };
    void main() { counter += 1; }
    """

  /// Turns a loop as often as the first number in the buffer says, in 64 invocations per group.
  ///
  /// No compiler sees that the state is never zero. Some software drivers cut loops off after
  /// 65535 turns, so that long work takes many groups.
  static let busy = """
    #version 450
    layout(local_size_x = 64) in;
    layout(binding = 0) buffer Rounds { uint rounds; uint result; };
    void main() {
      uint x = gl_GlobalInvocationID.x + 1;
      for (uint i = 0; i < rounds; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
      }
      if (x == 0) result = 1;
    }
    """
}
