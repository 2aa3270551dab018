/// What a state has at a path where it differs from the base.
public enum FileState: Hashable, Sendable {
  /// `id` identifies the contents: the blob's object id in hexadecimal or, for a file of the base, `base:` and the
  /// base's tree id.
  case contents(id: String, bytes: [UInt8])
  /// The state has no regular file there.
  case deleted

  /// What cache keys hold for it: the id, or "deleted".
  public var key: String {
    switch self {
    case .contents(let id, _): id
    case .deleted: "deleted"
    }
  }

  /// The file's contents; nil when it is deleted.
  public var bytes: [UInt8]? {
    if case .contents(_, let bytes) = self { bytes } else { nil }
  }

  /// Compares the keys, not the bytes.
  public static func == (left: Self, right: Self) -> Bool { left.key == right.key }

  /// Hashes the key, not the bytes.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// All differences of a state from the base, by path.
public typealias FileChanges = [String: FileState]

/// The tree after one patch of a series.
public struct SeriesState: Sendable {
  /// The patch's position in the series, one-based; 0 is the base.
  public var index: Int
  /// The patch's subject, without a `[PATCH n/m]` prefix.
  public var subject: String
  /// The tree's object id in hexadecimal.
  public var tree: String
  /// The difference to the base.
  public var overlay: FileChanges
  /// The paths at which this state differs from the one before, sorted.
  public var changed: [String]

  /// - Parameters:
  ///   - tree: the tree's object id in hexadecimal.
  ///   - overlay: the difference to the base.
  ///   - changed: the paths at which this state differs from the one before, sorted.
  public init(index: Int, subject: String, tree: String, overlay: FileChanges, changed: [String]) {
    self.index = index
    self.subject = subject
    self.tree = tree
    self.overlay = overlay
    self.changed = changed
  }
}
