extension Int {
  /// The number with its noun: "1 file", "9 patches".
  ///
  /// - Parameter many: the noun's plural, if it does not just end in "s".
  public func counted(_ one: String, _ many: String? = nil) -> String {
    "\(self) \(self == 1 ? one : many ?? one + "s")"
  }
}
