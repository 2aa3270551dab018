/// The commands that GitHub Actions takes from what a step prints.
enum GitHubCommands {
  /// The lines that are commands, without those that stop and start them, and whether they are taken again at the end.
  static func taken(from output: String) -> (commands: [String], areTaken: Bool) {
    var commands: [String] = []
    var end: Substring?
    for line in output.split(separator: "\n") {
      if let token = end {
        if line == "::\(token)::" { end = nil }
      } else if line.hasPrefix("::stop-commands::") {
        end = line.dropFirst("::stop-commands::".count)
      } else if line.hasPrefix("::") {
        commands.append(String(line))
      }
    }
    return (commands, end == nil)
  }
}
