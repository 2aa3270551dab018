/// How a series' steps are grouped into patches. The tree after the last patch is the same for all splits.
public enum Split: String, Sendable, CaseIterable {
  /// The patches that the series describes.
  case described
  /// A separate patch for each driver's part in a described patch, if its description or kind has texts for one.
  case perDriver = "per-driver"
}
