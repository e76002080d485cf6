internal import DeviceProtocol

/// Why a request is not answered with what was asked for.
enum RequestFailure: Error {
  /// The driver, or the device's limits, did not allow it.
  case vulkan(VulkanError)
  /// It cannot be understood, or names what is not there.
  case refused(String)
}

/// Runs `body`, whose errors are the driver's.
func vulkan<Value>(
  _ body: () throws(VulkanError) -> Value
) throws(RequestFailure) -> Value {
  do throws(VulkanError) { return try body() } catch { throw .vulkan(error) }
}

/// The value that a whole payload holds.
func decoded<Value: WireValue>(_ payload: [UInt8]) throws(RequestFailure) -> Value {
  do throws(MalformedFrame) { return try Value(payload: payload) } catch {
    throw .refused(error.phrase)
  }
}

/// The value at the beginning of a payload, and the bytes behind it.
func decodedWithBytes<Value: WireValue>(
  _ payload: [UInt8]
) throws(RequestFailure) -> (Value, ArraySlice<UInt8>) {
  do throws(MalformedFrame) {
    var reader = ByteReader(payload)
    return (try Value(from: &reader), try reader.rest())
  } catch {
    throw .refused(error.phrase)
  }
}
