/// How far verification goes. Each depth includes those before it.
public enum Depth: String, Sendable, CaseIterable, Comparable {
  /// Each patch applies exactly to the tree before it.
  case apply
  /// The static rules hold at every state.
  case structure
  /// Every affected unit compiles in every lane that builds it, code generation included.
  case compile
  /// The kernel's own checkers report nothing new: kernel-doc on the changed files, checkpatch on each patch, sparse on
  /// each affected unit.
  case full

  /// Whether `right` checks more than `left`.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .apply: 0
    case .structure: 1
    case .compile: 2
    case .full: 3
    }
  }
}
