import CLibgit2

extension Repository {
  /// The values of these settings in the configuration that git reads here: the repository's, the user's, the system's.
  public func settings(_ names: [String]) -> [(name: String, value: String)] {
    var opened: OpaquePointer?
    guard git_repository_config_snapshot(&opened, pointer) == 0, let config = Handle(opened, free: git_config_free)
    else { return [] }
    return names.compactMap { name in
      var value: UnsafePointer<CChar>?
      guard git_config_get_string(&value, config.pointer, name) == 0, let value else { return nil }
      return (name, String(cString: value))
    }
  }
}
