public import Diagnostics
import Foundation
public import Git
import PatchSeries

/// A series as the commits of a branch that `b4 prep` accepts as its own: the cover letter is an empty commit before
/// the patches and ends in the tracking record by which b4 finds it.
public struct BranchCommits {
  private let series: AssembledSeries
  private let name: String
  private let prefix: String

  /// - Parameters:
  ///   - name: the series' name, which goes into b4's change id.
  ///   - prefix: what stands in brackets before each subject: "PATCH".
  public init(_ series: AssembledSeries, name: String, prefix: String) {
    self.series = series
    self.name = name
    self.prefix = prefix
  }

  /// Writes the commits, in memory, and returns the id of the last one.
  ///
  /// - Parameter user: the committer. B4 only looks for cover letters that the user committed within the last year.
  public func write(on base: Commit, in repository: Repository, as user: Identity) throws(Failure) -> ObjectID {
    let committer = Signature(
      name: user.name, email: user.email, seconds: Int64(Date().timeIntervalSince1970))
    var last = base.id
    if let cover = series.cover {
      last = try repository.writeCommit(
        tree: base.tree, parents: [last], author: committer, committer: committer,
        message: "\(cover.subject)\n\n\(cover.blurb.trimmingCharacters(in: .newlines))\n\n\(try record(base))\n")
    }
    for (patch, tree) in zip(series.patches, series.trees) {
      // b4 and git format-patch carry text below a `---` in the commit message over to below the mail's `---`.
      let notes = patch.notes.isEmpty ? "" : "---\n\(patch.notes)\n"
      last = try repository.writeCommit(
        tree: tree, parents: [last], author: patch.author, committer: committer, message: patch.message + notes)
    }
    return last
  }

  private func record(_ base: Commit) throws(Failure) -> String {
    let day = Date(timeIntervalSince1970: Double(base.committer.seconds)).formatted(.iso8601.year().month().day())
    // A change id must be unique, and the same in all versions of the series.
    let id = try ObjectID.blob(of: Array("\(name) \(series.cover?.subject ?? "")".utf8)).abbreviated()
    let prefixes = prefix.split(separator: " ").filter { $0 != "PATCH" }.map { "\"\($0)\"" }.joined(separator: ", ")
    return """
      --- b4-submit-tracking ---
      # This section is used internally by b4 prep for tracking purposes.
      {
        "series": {
          "revision": \(series.patches.first?.reroll ?? 1),
          "change-id": "\(day.filter(\.isNumber))-\(name)-\(id)",
          "prefixes": [\(prefixes)]
        }
      }
      """
  }
}
