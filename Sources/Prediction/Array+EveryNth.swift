extension Array {
  /// Every nth element, so many that about `count` are left; fewer than twice as many all stay.
  func everyNth(toAbout count: Int) -> [Element] {
    stride(from: 0, to: self.count, by: Swift.max(1, self.count / count)).map { self[$0] }
  }
}
