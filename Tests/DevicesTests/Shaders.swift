/// Shaders of the tests.
enum Shaders {
  /// Doubles each number of a buffer.
  static let double = """
    #version 450
    layout(local_size_x = 64) in;
    layout(binding = 0) buffer Numbers { uint numbers[]; };
    void main() { numbers[gl_GlobalInvocationID.x] *= 2; }
    """

  /// Turns a loop as often as the first number says; what comes out is of no use.
  static let busy = """
    #version 450
    layout(local_size_x = 64) in;
    layout(binding = 0) buffer Numbers { uint numbers[]; };
    void main() {
      uint x = gl_GlobalInvocationID.x + 1;
      for (uint i = 0; i < numbers[0]; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
      }
      if (x == 0) numbers[1] = 1;
    }
    """
}
