import ArgumentParser
import Diagnostics

@main
struct Seriesmith: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seriesmith",
    abstract:
      "Generates kernel patch series that migrate an ops callback, and verifies that every commit stands alone.",
    discussion: """
      Generate a series on a kernel, and verify every patch:

        seriesmith generate iova_to_phys_length --tree ~/linux --output out
        seriesmith verify out --tree ~/linux

      Make it ready for git send-email:

        seriesmith generate iova_to_phys_length --tree ~/linux --signoff --output out
        seriesmith verify out --tree ~/linux --depth full
        seriesmith mail out --tree ~/linux --output mails

      Without --tree, commands work on the kernel tree you are in; elsewhere on the
      embedded kernel, which `seriesmith kernel` fetches once.

      Exit status:
        0    the series holds
        1    it does not, or not all of it could be checked: a commit falls, a
             description has drifted, a table is not covered, no check looks at
             a changed file
        64   usage error
        65   unreadable input: a description, a patch, a repository
        69   something needed is not installed or not writable, or a proof is
             incomplete
        130  interrupted

      Environment: SERIESMITH_CACHE (default $XDG_CACHE_HOME/seriesmith), NO_COLOR,
      SOURCE_DATE_EPOCH.
      """,
    version: "0.1",
    subcommands: [
      ListCommand.self, ScanCommand.self, DescribeCommand.self, GenerateCommand.self, VerifyCommand.self,
      ProveCommand.self, MailCommand.self, HookCommand.self, CompareCommand.self, BasesCommand.self, KernelCommand.self,
      CacheCommand.self, DoctorCommand.self,
    ]
  )
  static func main() async {
    if let mistake = unknownCommand(CommandLine.arguments.dropFirst().first) { exit(withError: mistake) }
    await main(nil)
  }

  /// The parser says what an unknown option is likely to mean, but not what an unknown command is.
  private static func unknownCommand(_ name: String?) -> ValidationError? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let name, !names.contains(name), let near = name.nearest(among: names) else { return nil }
    return ValidationError("There is no command '\(name)'. Did you mean '\(near)'?")
  }
}
