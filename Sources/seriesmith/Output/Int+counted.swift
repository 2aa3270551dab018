extension Int {
  /// "1 patch", "9 patches".
  func counted(_ one: String, _ many: String) -> String { "\(self) \(self == 1 ? one : many)" }
}
