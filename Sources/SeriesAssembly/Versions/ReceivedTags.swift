import Descriptions
import Diagnostics
import Foundation
import PatchSeries

/// The tags that reviewers gave to earlier versions of a series. A patch keeps them as long as it changes the same
/// lines.
///
/// The series' folder `mailed/vN` has the patches as reviewed, so that no tag ends up on lines that its reviewer has
/// not seen.
struct ReceivedTags {
  /// The tags of a patch that are kept, and notes on those that are dropped.
  struct Outcome {
    var kept: [String] = []
    /// Changelog entries for dropped tags.
    var changes = Changes()
  }

  /// A patch of a mailed version.
  private struct MailedPatch {
    var subject: String
    var lines: ChangedLines

    /// Whether the other is the same patch in another version, where either its subject or its lines may differ.
    func isVersion(of other: MailedPatch) -> Bool { subject == other.subject || lines == other.lines }
  }

  private let reroll: Int
  private let tags: [RecordedTag]
  private var mailed: [Int: [MailedPatch]] = [:]

  /// - Parameter reroll: the version to generate; only tags given to earlier versions count.
  /// - Throws: status 65 if the patches that a tag was given to are missing.
  init(of series: SeriesDescription, before reroll: Int) async throws(Failure) {
    self.reroll = reroll
    tags = series.tags.filter { $0.version < reroll }
    func folder(_ version: Int) -> String { "\(series.folder)/mailed/v\(version)" }
    for version in (tags.map(\.version).min() ?? reroll)..<reroll {
      guard FileManager.default.fileExists(atPath: folder(version)) else { continue }
      mailed[version] = try Self.patches(try await PreparedMail(folder: folder(version)).series.patches)
    }
    let findings = tags.compactMap { tag -> Finding? in
      guard let patches = mailed[tag.version] else {
        return Finding(
          at: tag.place, "was given to version \(tag.version), whose patches are not known",
          notes: ["copy the mailed patches to \(folder(tag.version))"])
      }
      if tag.subject == nil || patches.contains(where: { $0.subject == tag.subject }) { return nil }
      return Finding(
        at: tag.place, "version \(tag.version) has no patch '\(tag.subject ?? "")'",
        notes: ["its patches are:"] + patches.map(\.subject))
    }
    guard findings.isEmpty else { throw Failure(.input, findings) }
  }

  /// The tags that each patch keeps or drops, and notes on tags whose patch is gone.
  func carried(to patches: [Patch]) throws(Failure) -> (outcomes: [Outcome], lost: [Finding]) {
    var outcomes = patches.map { _ in Outcome() }
    if tags.isEmpty { return (outcomes, []) }
    let current = try Self.patches(patches)
    var lost: [Finding] = []
    for tag in tags {
      for patch in mailed[tag.version, default: []] where tag.subject == nil || patch.subject == tag.subject {
        guard let index = current.firstIndex(where: { $0.isVersion(of: patch) }) else {
          lost.append(Finding(.note, at: tag.place, "is dropped, as there is no patch '\(patch.subject)' any more"))
          continue
        }
        if let version = version(thatChanged: patch, of: tag.version, now: current[index]) {
          let text = "- Drop '\(tag.trailer)', given to v\(tag.version), as the patch has changed"
          let lines = WrappedText.wrap(text, indent: 0, hanging: 2, width: PatchDescription.columns)
          outcomes[index].changes = outcomes[index].changes.adding(Changes([version: lines]))
        } else if !outcomes[index].kept.contains(tag.trailer) {
          outcomes[index].kept.append(tag.trailer)
        }
      }
    }
    return (outcomes, lost)
  }

  /// The first version in which the patch changed other lines than in the reviewed one; nil if there is none.
  private func version(thatChanged patch: MailedPatch, of reviewed: Int, now: MailedPatch) -> Int? {
    let between = (reviewed + 1..<reroll).first { version in
      mailed[version]?.first { $0.isVersion(of: patch) }.map { $0.lines != patch.lines } ?? false
    }
    return between ?? (now.lines == patch.lines ? nil : reroll)
  }

  private static func patches(_ patches: [Patch]) throws(Failure) -> [MailedPatch] {
    var result: [MailedPatch] = []
    for patch in patches {
      result.append(MailedPatch(subject: patch.subject, lines: ChangedLines(try patch.fileDiffs())))
    }
    return result
  }
}
