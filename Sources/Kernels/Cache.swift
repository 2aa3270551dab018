/// The folder that holds everything Seriesmith can make again: kernels, lanes, verdicts.
public struct Cache: Sendable, Hashable {
  /// The path of the folder. It need not exist yet.
  public var root: String

  public init(root: String) {
    self.root = root
  }

  /// The cache of this user: `$SERIESMITH_CACHE`, else `$XDG_CACHE_HOME/seriesmith`, else `~/.cache/seriesmith`.
  ///
  /// A variable that is empty, or an `XDG_CACHE_HOME` that is not absolute, counts as unset, as the XDG base directory
  /// specification asks.
  public init(environment: [String: String]) {
    if let path = environment["SERIESMITH_CACHE"], !path.isEmpty {
      root = path
    } else if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
      root = base + "/seriesmith"
    } else {
      root = (environment["HOME"] ?? "/root") + "/.cache/seriesmith"
    }
  }

  /// The path of the folder `name` in the cache.
  public func folder(_ name: String) -> String {
    "\(root)/\(name)"
  }
}
