import FoundationEssentials

/// What children inherit when they inherit nothing else.
enum Environment {
  static var path: String {
    ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
  }
}
