import Descriptions
import Diagnostics
import Foundation
import PatchSeries

/// The tags that reviewers gave to earlier versions of a series. A patch keeps them as long as it changes the same lines.
///
/// What it was when it was reviewed is in the series' folder `mailed/vN`, so that nobody's tag ever ends up below lines
/// that they have not seen.
struct ReceivedTags {
  /// What happens to the tags of a patch.
  struct Outcome {
    var kept: [String] = []
    /// What there is to tell of those that are dropped.
    var changes = Changes()
  }

  /// A patch of a version that was mailed.
  private struct MailedPatch {
    var subject: String
    var lines: ChangedLines

    /// Whether the other is the same patch in another version: it may be called otherwise, or do something else.
    func isVersion(of other: MailedPatch) -> Bool { subject == other.subject || lines == other.lines }
  }

  private let reroll: Int
  private let tags: [RecordedTag]
  private var mailed: [Int: [MailedPatch]] = [:]

  /// - Parameter reroll: the version that is made; tags were given to those before it.
  /// - Throws: status 65 where the patches that a tag was given to are not there.
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
          at: tag.place, "was given to version \(tag.version), and what that was is not known",
          notes: ["copy the patches that were mailed to \(folder(tag.version))"])
      }
      if tag.subject == nil || patches.contains(where: { $0.subject == tag.subject }) { return nil }
      return Finding(
        at: tag.place, "version \(tag.version) has no patch '\(tag.subject ?? "")'",
        notes: ["its patches are:"] + patches.map(\.subject))
    }
    guard findings.isEmpty else { throw Failure(.input, findings) }
  }

  /// What of the tags each patch keeps, and the tags that there is no patch for any more.
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

  /// The first version in which a patch changed other lines than in the one it was reviewed in; nil where none did.
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
