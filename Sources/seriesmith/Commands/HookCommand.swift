import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Git
import Kbuild
import Kernels
import PatchSeries
import Processes
import SeriesAssembly
import Support
import Verification

struct HookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "Lets git send-email and b4 ask Seriesmith before a series is mailed.",
    discussion: """
      In a kernel tree,

        seriesmith hook install

      installs git's hook sendemail-validate, by which `git send-email` refuses a
      patch that `seriesmith verify --depth full`, without --lane, has not seen
      stand: with this message and change, at this place in its series, on the
      base-commit that the mails state. `git send-email --no-validate` sends it all
      the same.

      `b4 send` runs none of git's hooks. So `install` also makes
      `seriesmith hook check` the command that `b4 prep --check` runs for each patch
      (b4.prep-perpatch-check-cmd). It verifies the branch to depth full and shows
      what was found in the patch; `b4 send` asks back where that was not run.

      The hook only looks up kept verdicts and compiles nothing. A hook of your own
      is never replaced. Work trees share the hook, and core.hooksPath is followed.
      `seriesmith hook uninstall` removes hook and setting.
      """,
    subcommands: [HookInstallCommand.self, HookUninstallCommand.self, HookValidateCommand.self, HookCheckCommand.self])
}

struct HookInstallCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Installs git's hook sendemail-validate, and sets b4's check command.")

  @OptionGroup var options: HookOptions

  func perform() async throws {
    for line in try await options.hook().install() { print(line) }
  }
}

struct HookUninstallCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Removes what install has written, and nothing else.")

  @OptionGroup var options: HookOptions

  func perform() async throws {
    for line in try await options.hook().uninstall() { print(line) }
  }
}

/// Where a hook is installed, and what it is given.
struct HookOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The git repository of a kernel. (default: the kernel tree you are in)", valueName: "repo"),
    completion: .directory)
  var tree: String?

  @OptionGroup var laneFile: LaneFileOption

  func hook() async throws(Failure) -> MailHook {
    guard let tree = tree ?? TreeOptions.kernelHere else {
      throw Failure(.usage, "there is no kernel tree here", notes: ["name its repository with --tree"])
    }
    let lanes = laneFile.path.map { ["--lanes", URL(fileURLWithPath: $0).path] } ?? []
    return try await MailHook(in: try Repository(opening: tree), program: CommandLine.executable, options: lanes)
  }
}

struct HookValidateCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "What the hook runs: refuses a mail whose patch has not been seen to stand.")

  @Argument(help: "The mail.", completion: .file())
  var file: String

  @OptionGroup var laneFile: LaneFileOption

  func perform() async throws {
    // Git runs a hook in the work tree, and names the repository in GIT_DIR.
    let ours = try await requireSuccess(Command("git", ["rev-parse", "--absolute-git-dir"])).text
    let repository = try Repository(opening: ours.trimmingCharacters(in: .newlines))
    // A folder of hooks may serve other repositories as well.
    guard try repository.file(at: "Kconfig", in: repository.resolve("HEAD").tree) != nil else { return }
    let validation = try MailValidation(
      repository: repository, lanes: try LaneFile.lanes(laneFile.path), cache: Cache.user.root)
    guard let objection = try await validation.objection(to: file) else { return }
    let path = URL(fileURLWithPath: file)
    let folder = path.deletingLastPathComponent()
    let lanes = laneFile.path.map { " --lanes \($0)" } ?? ""
    throw Failure(
      .falls, at: Place(path.lastPathComponent), "verify has not seen this patch stand: \(objection)",
      notes: ["verify the branch it is from, in all lanes: seriesmith verify --depth full\(lanes)"]
        + (Self.isOfGit(folder) ? [] : ["or the files: seriesmith verify \(folder.path) --exact --depth full\(lanes)"])
        + ["--no-validate sends it all the same"])
  }

  /// Whether git send-email made the folder, for the patches of a range: perl's File::Temp names it, and it goes with git.
  private static func isOfGit(_ folder: URL) -> Bool {
    folder.deletingLastPathComponent().standardizedFileURL == FileManager.default.temporaryDirectory.standardizedFileURL
      && folder.lastPathComponent.wholeMatch(of: #/[A-Za-z0-9_]{10}/#) != nil
  }
}

struct HookCheckCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "What b4 prep --check runs: verifies the branch, and prints what was found in the patch it is given.")

  @OptionGroup var laneFile: LaneFileOption

  func perform() async throws {
    let command = self
    let lines = try await withSignalsCancelling { () async throws(Failure) in try await command.lines() }
    for line in lines { print(line) }
    if lines.contains(where: { $0.contains("ERROR:") }) { throw ExitCode(ExitStatus.falls.rawValue) }
  }

  /// What b4 shows of the patch, a line each: those with `ERROR:` as failures, others as warnings. b4 takes each line on
  /// standard error for a failure, so there is no progress to see.
  private nonisolated(nonsending) func lines() async throws(Failure) -> [String] {
    let lanes = try LaneFile.lanes(laneFile.path)
    let mail = try Files.read("/dev/stdin", upTo: 64 << 20)
    let patch = try await PatchReader.patch(mail, file: "standard input")
    guard let tree = TreeOptions.kernelHere else { throw Failure(.usage, "there is no kernel tree here") }
    let repository = try Repository(opening: tree)
    let range = try await BranchRange.find(in: repository)
    try await range.check(in: repository)
    guard let index = try range.index(of: patch, in: repository) else {
      throw Failure(.input, "'\(patch.subject)' is not a commit of \(range.source): \(range.reason)")
    }
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, depth: .full,
      jobs: ProcessInfo.processInfo.activeProcessorCount)
    return try await verifier.recorded(range.source).remarks(on: index)
  }
}
