/// What building and booting a state of a series showed.
struct StateRun: Hashable, Sendable {
  /// 0 is the base.
  var index: Int
  /// Nil for the base.
  var subject: String?
  /// The names of the additions that its tree has.
  var additions: Set<String> = []
  /// By the boot's name.
  var logs: [String: BootLog] = [:]
  /// The end of what make printed, where the kernel does not build.
  var buildErrors: [String]?
}
