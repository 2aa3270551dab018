import Diagnostics
import FoundationEssentials
import Git
import Kbuild
import PatchSeries

/// What a verification at depth full answers, so that others can ask later whether it was made.
struct VerdictQuestion: Hashable, Sendable, Codable {
  /// A digest of the patches, their base, the lanes and the acceptances.
  let digest: String
  /// A digest of the lanes.
  let lanes: String
  /// The patches as they are mailed.
  let patches: [MailedPatch]
}

/// What makes up a patch that is mailed, whatever headers its mail has.
struct MailedPatch: Hashable, Sendable, Codable {
  /// The patch's place in its series, one-based.
  let number: Int
  /// The number of patches in the series.
  let total: Int
  /// A digest of the commit message.
  let message: String
  /// A digest of the diff's text.
  let diff: String

  init(_ patch: Patch) {
    (number, total) = (patch.number, patch.total)
    message = VerdictKey.digest(of: Array(patch.message.utf8))
    diff = VerdictKey.digest(of: patch.diff)
  }

  /// Whether the other patch has the same place and message.
  func hasTheName(of other: MailedPatch) -> Bool {
    (number, total, message) == (other.number, other.total, other.message)
  }
}

extension Verifier {
  /// What a verification of a folder of patches or of a range answers. Nil for other sources, and for a depth that
  /// nobody asks about later.
  nonisolated(nonsending) func question(
    _ text: String, base revision: String
  ) async throws(Failure) -> VerdictQuestion? {
    guard depth == .full else { return nil }
    let base: ObjectID
    let content: [String]
    let patches: [Patch]
    if let files = try SeriesFiles.inFolder(text) {
      base = try repository.resolve(revision).tree
      content = files.map { VerdictKey.digest(of: $0.bytes) }
      patches = try await PatchReader.series(files).patches
    } else if text.contains(".."), try SeriesFiles(text) == nil {
      let source = try SeriesSource.range(text, in: repository).source
      guard case .commits(let commits) = source, let first = commits.first else { return nil }
      base = try repository.resolve(first.parent.hex).tree
      let before = [base] + commits.map(\.tree)
      let mails = try commits.indices.map { (index) throws(Failure) in
        let mail = try source.mail(index + 1, from: before[index].hex, to: before[index + 1].hex, in: repository)
        return (name: "\(index + 1)", bytes: mail)
      }
      content = commits.map(\.tree.hex) + mails.map { VerdictKey.digest(of: $0.bytes) }
      // A commit that changes nothing cannot be mailed.
      patches = try await PatchReader.series(mails.filter { PatchReader.holdsDiff($0.bytes) }).patches
    } else {
      return nil
    }
    let lanes = try Self.digest(of: lanes)
    let acceptances = accepted.flatMap { [$0.check?.rawValue ?? "", $0.file, $0.message] }
    return VerdictQuestion(
      digest: VerdictKey([base.hex, lanes] + acceptances + content).digest, lanes: lanes,
      patches: patches.map { MailedPatch($0) })
  }

  /// What tells a list of lanes from any other.
  static func digest(of lanes: [Lane]) throws(Failure) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let text = try? encoder.encode(lanes) else { throw Failure(.unavailable, "cannot encode the lanes") }
    return VerdictKey.digest(of: Array(text))
  }
}
