/// What happened to a file between two trees.
public enum FileStatus: String, Hashable, Sendable, Codable {
  case added, deleted, modified, renamed, copied
}
