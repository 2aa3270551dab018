import Descriptions
public import Diagnostics
import Foundation
public import Generation
public import Git
import Kernels
public import PatchSeries

/// A generated series: its trees, in memory, and the texts to mail.
public struct AssembledSeries {
  /// The patches, first to last.
  public private(set) var patches: [Patch] = []
  /// The tree after each patch.
  public private(set) var trees: [ObjectID] = []
  /// The cover letter; nil without one.
  public private(set) var cover: CoverLetter?
  /// The files the series as a whole changes.
  public let files: [FileStat]
  /// The tree after the last patch.
  public let tree: ObjectID
  /// The files to write: the cover letter, if there is one, the patches, and `accepted.yaml`, if there is one.
  public private(set) var texts: [(name: String, bytes: [UInt8])]
  /// Notes on reviewers' tags that no patch can carry.
  public let notes: [Finding]

  /// Writes the series' trees, in memory, and words its patches and cover letter.
  ///
  /// - Parameters:
  ///   - generated: the files and messages of each patch.
  ///   - base: the commit that the series applies to. Without `SOURCE_DATE_EPOCH`, its date is the patches' date.
  ///   - reroll: the version of the series, as in `[PATCH v2]`.
  ///   - signer: signs the patches off and becomes their author; nil leaves the patches without a sign-off.
  /// - Throws: status `.input` if the patches that a reviewer's tag was given to are missing.
  public nonisolated(nonsending) init(
    _ generated: GeneratedSeries, on base: Commit, in repository: Repository, reroll: Int = 1, signer: Identity? = nil
  ) async throws(Failure) {
    let series = generated.description
    let author = Signature(
      name: signer?.name ?? series.author.name, email: signer?.email ?? series.author.email,
      seconds: Self.date ?? base.committer.seconds,
      offsetMinutes: Self.date == nil ? base.committer.offsetMinutes : 0)
    let writer = PatchWriter(
      signature: PatchFolder.signature, prefix: series.prefix,
      numbered: series.cover != nil || generated.patches.count > 1)
    texts = []
    trees = try repository.writeTrees(
      changing: generated.patches.map { $0.files.mapValues(Optional.some) }, over: base.tree)
    tree = trees.last ?? base.tree
    let diffs = try repository.diffs(zip([base.tree] + trees, trees).map { ($0, $1) } + [(base.tree, tree)])
    files = diffs[trees.count].files
    for (index, (generated, diff)) in zip(generated.patches, diffs).enumerated() {
      patches.append(
        Patch(
          subject: generated.description.subject, author: author,
          body: generated.description.message.trimmingCharacters(in: .newlines), number: index + 1,
          total: series.patches.count, reroll: reroll, diff: diff.text, files: diff.files))
    }
    let tags = try await ReceivedTags(of: series, before: reroll).carried(to: patches)
    notes = tags.lost
    for (index, outcome) in tags.outcomes.enumerated() {
      // In b4's order: the mailer's sign-off comes after all tags.
      let trailers = outcome.kept + (signer.map { [$0.signOff] } ?? [])
      patches[index].body = trailers.reduce(patches[index].body) { Trailers.adding($1, to: $0) }
      patches[index].notes = generated.patches[index].description.changes.adding(outcome.changes).text(for: reroll)
      texts.append((patches[index].fileName, writer.text(patches[index], commit: Self.noCommit)))
    }
    if let accepted = series.accepted?.text.trimmingCharacters(in: .newlines), !accepted.isEmpty {
      texts.append((AcceptedFindings.name, Array((AcceptedFindings.header + accepted + "\n").utf8)))
    }
    guard let cover = series.cover else { return }
    // A commit without a parent was imported from a tarball: nobody else has it.
    let isImported = base.parents.isEmpty
    let basis = isImported ? try Self.release(of: base, in: repository).map { "Based on Linux \($0)." } : nil
    let blurb = [cover.text.trimmingCharacters(in: .newlines), basis ?? "", cover.changes.text(for: reroll)]
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
    let letter = CoverLetter(subject: cover.subject, blurb: blurb, author: author)
    self.cover = letter
    texts.insert(
      (
        PatchName.cover(reroll: reroll),
        writer.text(letter, of: patches, commit: Self.noCommit, files: files, base: isImported ? nil : base.id.hex)
      ), at: 0)
  }

  /// The Linux release that the commit's Makefile names.
  public static func release(of commit: Commit, in repository: Repository) throws(Failure) -> String? {
    let makefile = try repository.contents(of: "Makefile", in: commit.tree) ?? []
    return Release.of(makefile: String(decoding: makefile, as: UTF8.self))
  }

  /// As in `git format-patch --zero-commit`: a commit's id depends on the base's history, but the patches must depend
  /// only on the base's tree.
  private static let noCommit = String(repeating: "0", count: 40)

  /// `SOURCE_DATE_EPOCH`, for reproducible builds.
  private static var date: Int64? {
    ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap(Int64.init)
  }
}
