/// How a series' steps are grouped into patches. The tree that the last patch leaves is the same.
public enum Split: String, Sendable, CaseIterable {
  /// As the series describes its patches.
  case described
  /// What each driver does in one of them is a patch of its own, where its description says how to call it.
  case perDriver = "per-driver"
}
