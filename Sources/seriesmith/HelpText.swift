/// Parts of help texts that are read from files.
enum HelpText {
  /// The text, where help is asked for: each start makes the help texts of all commands, and reading takes longer than what
  /// some commands do.
  static func read(_ text: () -> String) -> String { isAskedFor ? text() : "" }

  private static let isAskedFor = CommandLine.arguments.contains { $0.contains("help") || $0 == "-h" }
}
