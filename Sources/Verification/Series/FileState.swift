/// What a state has at a path that differs from the base.
public enum FileState: Hashable, Sendable {
  /// `id` is the blob's object id in hexadecimal.
  case contents(id: String, bytes: [UInt8])
  case deleted

  /// A word for keys: the blob's id, or "deleted".
  public var key: String {
    switch self {
    case .contents(let id, _): id
    case .deleted: "deleted"
    }
  }

  public var bytes: [UInt8]? {
    if case .contents(_, let bytes) = self { bytes } else { nil }
  }

  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// Everything in which a state differs from the base, by path.
public typealias FileChanges = [String: FileState]

/// The tree after one patch of a series.
public struct SeriesState: Sendable {
  /// One-based; 0 is the base.
  public var index: Int
  public var subject: String
  /// The tree's object id in hexadecimal.
  public var tree: String
  /// The difference to the base.
  public var overlay: FileChanges
  /// The paths in which this state differs from the one before, sorted.
  public var changed: [String]

  public init(index: Int, subject: String, tree: String, overlay: FileChanges, changed: [String]) {
    self.index = index
    self.subject = subject
    self.tree = tree
    self.overlay = overlay
    self.changed = changed
  }
}
