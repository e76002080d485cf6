/// A way to the worker beside a device: through a pipe, over ssh, or over adb.
public protocol Transport: Sendable {
  /// How the place is named in `--device` and to people, such as "ssh:pi5"; empty for this machine.
  var place: String { get }
  /// Starts a worker there, and gives the way to it.
  func connect() throws(ConnectionError) -> Link
  /// Brings the worker there again, whatever lies there, and starts it; `nil` where nothing has to be brought,
  /// or that fails.
  func renew() -> Link?
  /// Why a link that had worked ended or said nothing that makes sense, as far as its last words tell.
  func explanation(of lastWords: String) -> ConnectionError
}

extension Transport {
  public func renew() -> Link? { nil }
}
