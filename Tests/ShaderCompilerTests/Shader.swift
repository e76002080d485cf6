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
}
