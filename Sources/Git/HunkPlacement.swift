/// Where a hunk may stand in a file.
public enum HunkPlacement: Sendable {
  /// At the very line it states.
  case stated
  /// At the place nearest to that line where all its old lines are, as patch(1) applies a quilt series without fuzz.
  case nearest
}
