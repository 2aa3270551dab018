import ArgumentParser
import Diagnostics
import Foundation
import Git
import Kbuild
import Kernels
import PatchSeries
import Processes
import Proving
import Verification

struct MailCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "mail",
    abstract: "Addresses a series' patches, if nothing speaks against mailing them. It sends nothing.",
    discussion: """
      Writes a copy of each patch with the fields that a mail needs: To and Cc as the
      base's own get_maintainer.pl has them, and a Message-ID, by which the patches
      answer the cover letter, which is also told how the series was tested. What is
      left to do is printed: git send-email.

      It refuses, and says why, unless all of this holds:
        - `seriesmith verify --depth full`, asked of these very files on this base,
          said that the series stands: not a byte has changed since
        - checkpatch --strict has no remark that the folder's accepted.yaml does not
          give a reason for; nor have kernel-doc and sparse anything new to say
        - a report of `seriesmith prove`, if you give one, says that the series holds
        - no two patches have one subject
        - every patch is signed off by its author, and by you
        - there are no more than \(MailGates.mostPatches) patches, or --allow-many is given
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
      "What `seriesmith prove --json` reported of these patches, for the cover letter.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var proof: String?

  @Flag(help: "Let a series pass that has more patches than lists take at once.")
  var allowMany = false

  func validate() throws {
    let folders = [folder, output].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    if folders[0] == folders[1] { throw ValidationError("--output is the folder of the patches; name another") }
  }

  func perform() async throws {
    let command = self
    let (mail, recipients) = try await withSignalsCancelling { () async throws(Failure) in
      let (mail, recipients, sender) = try await command.addressed()
      try await command.write(mail, to: recipients, from: sender)
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

  private nonisolated(nonsending) func write(
    _ mail: PreparedMail, to recipients: [Recipients], from sender: Identity
  ) async throws(Failure) {
    let stamp = Self.stamp
    let ids = mail.messages.indices.map { "\(stamp)-\($0 + (mail.hasCover ? 0 : 1))-\(sender.email)" }
    var texts: [(name: String, bytes: [UInt8])] = []
    for (index, message) in mail.messages.enumerated() {
      let fields = MailFields(
        to: recipients[index].to, cc: recipients[index].cc, messageID: ids[index], inReplyTo: index > 0 ? ids[0] : nil)
      texts.append((message.name, try fields.added(to: message.bytes, file: "\(folder)/\(message.name)")))
    }
    try throwIfCancelled()
    try await PatchFolder(path: output).replace(with: texts)
  }

  /// The mails and whom each goes to, where nothing speaks against it, and who sends them.
  private nonisolated(nonsending) func addressed() async throws(Failure) -> (PreparedMail, [Recipients], Identity) {
    let progress = Console.standard.progress
    var mail = try await PreparedMail(folder: folder)
    let lanes = try LaneFile.lanes(laneFile.path)
    let accepted = try AcceptedFindings.read(nil, beside: folder)
    let report = try proof.map { path throws(Failure) in try ProofSection.read(path) }
    let (repository, base) = try await options.open(progress)
    let sender = try await Identity.current(in: repository)
    let verifier = Verifier(
      repository: repository, cache: Cache.user.root, lanes: lanes, depth: .full, accepted: accepted, jobs: 1,
      progress: progress)
    let record = try await verifier.record(of: folder, base: base.id.hex)
    let gates = MailGates(
      folder: folder, series: mail.series, record: record,
      sender: sender, question: question, proof: report, proofFile: proof, allowsMany: allowMany)
    guard gates.findings.isEmpty else { throw Failure(.falls, gates.findings) }
    let scripts = try await verifier.scripts(ofBase: base.id.hex)
    var maintainers: [[Maintainer]] = []
    for patch in mail.patches { maintainers.append(try await scripts.maintainers(of: patch.bytes)) }
    if let record, mail.hasCover {
      let testing = TestingSection(record: record, lanes: lanes, accepted: accepted).text
      let sections = (report.map { ProofSection(report: $0).text + "\n" } ?? "") + testing
      if let letter = CoverLetter.adding(sections, to: mail.messages[0].bytes, of: mail.series.patches) {
        mail.messages[0].bytes = letter
      } else {
        progress.report(
          .note("\(mail.messages[0].name) has no shortlog: it is left as it is, without a word on testing"))
      }
    }
    let cover = mail.hasCover ? [Recipients(coverOf: maintainers)] : []
    return (mail, cover + maintainers.map { Recipients($0) }, sender)
  }

  private var question: String {
    let tree = options.tree.map { " --tree \($0)" } ?? ""
    let base = options.base == "HEAD" ? "" : " --base \(options.base)"
    let lanes = laneFile.path.map { " --lanes \($0)" } ?? ""
    return "seriesmith verify \(folder)\(tree)\(base)\(lanes) --depth full"
  }

  /// What the Message-IDs of one run begin with: the time, as git has it there, and a number that nobody else has.
  private static var stamp: String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyyMMddHHmmss"
    return "\(formatter.string(from: Date())).\(UInt32.random(in: 1 ... .max))"
  }
}
