package import Tables

/// The kernels by which a device's speed is read.
package struct ReferenceKernels {
  let arithmetic: ReferenceKernel
  /// `nil` where the device cannot run it.
  var memory: ReferenceKernel?
  /// The reason why it cannot.
  package var memoryFailure: Failure?
}
