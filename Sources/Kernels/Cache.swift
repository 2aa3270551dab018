/// The folder for everything that Seriesmith can make again: kernels, lanes, verdicts.
public struct Cache: Sendable, Hashable {
  /// The path of the folder. It need not exist yet.
  public var root: String

  /// A cache in the folder at the path `root`.
  public init(root: String) {
    self.root = root
  }

  /// The user's cache: `$SERIESMITH_CACHE`, else `$XDG_CACHE_HOME/seriesmith`, else `~/.cache/seriesmith`.
  ///
  /// An empty variable counts as unset, and so does an `XDG_CACHE_HOME` that is not absolute, as the XDG base directory
  /// specification requires.
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
