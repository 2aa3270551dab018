import FoundationEssentials

/// The only variables that a child inherits when its environment is cleared.
enum Environment {
  static var path: String {
    ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
  }
}
