/// Parts of help texts that are read from files.
enum HelpText {
  /// Reads the text only if help is asked for: every start builds the help texts of all commands, and reading takes
  /// longer than some commands.
  static func read(_ text: () -> String) -> String { isAskedFor ? text() : "" }

  private static let isAskedFor = CommandLine.arguments.contains { $0.contains("help") || $0 == "-h" }
}
