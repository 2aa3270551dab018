import ArgumentParser
import Descriptions
import Diagnostics
import Foundation
import Git
import Kbuild
import Kernels
import Processes
import SeriesAssembly
import Verification

struct MailCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "mail",
    abstract: "Checks that a series is ready to mail, and addresses its patches. Sends nothing.",
    discussion: """
      Writes a copy of each patch with the headers that a mail needs: To and Cc from
      the base's own get_maintainer.pl, a Message-ID, and an In-Reply-To that threads
      the patches below the cover letter. The cover letter also gets a section on how
      the series was tested. Prints the git send-email command that is left to run.

        seriesmith mail out --tree ~/linux --output mails

      Refuses, and says why, unless all of this holds:
        - `seriesmith verify --exact --depth full` found that the series stands on this
          base, and not a byte of the files has changed since
        - accepted.yaml in the folder gives a reason for every remark of checkpatch
          --strict, and for everything new that kernel-doc and sparse report
        - the report of `seriesmith prove`, if you pass one, says the series holds
        - no two patches have the same subject
        - every patch is signed off by its author and by you
        - there are at most \(MailGates.mostPatches) patches, or --allow-many is given
      """)

  @Argument(help: ArgumentHelp("The folder of the patches.", valueName: "dir"), completion: .directory)
  var folder: String

  @OptionGroup var options: TreeOptions

  @OptionGroup var laneFile: LaneFileOption

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write the mails to.", valueName: "dir"),
    completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp(
      "The report of `seriesmith prove --json` on these patches, for the cover letter.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var proof: String?

  @Flag(help: "Allow more patches than lists accept at once.")
  var allowMany = false

  func validate() throws {
    let folders = [folder, output].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    if folders[0] == folders[1] { throw ValidationError("--output is the folder of the patches; name another") }
  }

  func perform() async throws {
    let command = self
    let (mail, recipients) = try await withSignalsCancelling { () async throws(Failure) in
      let (mail, recipients, sender) = try await command.prepared()
      let files = try mail.addressed(to: recipients, from: sender)
      try throwIfCancelled()
      try await PatchFolder(path: command.output).replace(with: files)
      return (mail, recipients)
    }
    print(
      """
      \(Recipients.table(recipients))
      Each column is a mail, the first \(mail.hasCover ? "the cover letter" : "patch 1"): T for To, C for Cc.
      To send them:
        git send-email --no-thread --suppress-cc=self \(output)/*.patch
      """)
  }

  /// The mails, the recipients of each, and the sender; throws the findings if the series is not ready to mail.
  private nonisolated(nonsending) func prepared() async throws(Failure) -> (PreparedMail, [Recipients], Identity) {
    let progress = Console.standard.progress
    var mail = try await PreparedMail(folder: folder)
    let lanes = try LaneFile.lanes(laneFile.path)
    let accepted = try AcceptedFindings.read(nil, beside: folder)
    let proof = try proof.map { path throws(Failure) in
      (report: try ProofSection.read(path, counters: try ProofFile.plan().counters), file: path)
    }
    let (repository, base) = try await options.open(progress)
    let sender = try await Identity.current(in: repository)
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, depth: .full, exact: true, accepted: accepted,
      jobs: 1,
      progress: progress)
    var gates = MailGates(mail.series, in: folder, sender: sender, question: question)
    gates.record = try await verifier.record(of: folder, base: base.id.hex)
    gates.proof = proof
    gates.allowsMany = allowMany
    guard gates.findings.isEmpty else { throw Failure(.falls, gates.findings) }
    let scripts = try await verifier.scripts(ofBase: base.id.hex)
    var maintainers: [[Maintainer]] = []
    for patch in mail.patches { maintainers.append(try await scripts.maintainers(of: patch.bytes)) }
    if let record = gates.record, mail.hasCover {
      let testing = TestingSection(record, lanes: lanes, accepted: accepted).text
      let sections = (proof.map { ProofSection($0.report).text + "\n" } ?? "") + testing
      if !mail.addToCover(sections) {
        progress.report(
          .note("\(mail.messages[0].name) has no shortlog: it stays as it is, without a section on testing"))
      }
    }
    let cover = mail.hasCover ? [Recipients(coverOf: maintainers)] : []
    return (mail, cover + maintainers.map { Recipients($0) }, sender)
  }

  private var question: String {
    let tree = options.tree.map { " --tree \($0)" } ?? ""
    let base = options.base == "HEAD" ? "" : " --base \(options.base)"
    let lanes = laneFile.path.map { " --lanes \($0)" } ?? ""
    return "seriesmith verify \(folder)\(tree)\(base)\(lanes) --exact --depth full"
  }
}
