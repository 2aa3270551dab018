import Diagnostics
import Foundation
import Git
import PatchSeries

/// A series as the commits of a branch that `b4 prep` takes for one of its own: its cover letter is an empty commit
/// before the patches, with a record at its end by which b4 finds it.
struct BranchCommits {
  var series: AssembledSeries
  /// The series' name.
  var name: String
  var prefix: String

  /// Writes the commits, in memory, and returns the last one.
  ///
  /// - Parameter user: who commits. B4 looks for the user's own cover letters, of the last year.
  func write(on base: Commit, in repository: Repository, as user: Identity) throws(Failure) -> ObjectID {
    let committer = Signature(
      name: user.name, email: user.email, seconds: Int64(Date().timeIntervalSince1970))
    var last = base.id
    if let cover = series.cover {
      last = try repository.writeCommit(
        tree: base.tree, parents: [last], author: committer, committer: committer,
        message: "\(cover.subject)\n\n\(cover.blurb.trimmingCharacters(in: .newlines))\n\n\(try record(base))\n")
    }
    for (patch, tree) in zip(series.patches, series.trees) {
      // What is below the `---` of a commit's message, b4 and git format-patch put below that of its mail.
      let notes = patch.notes.isEmpty ? "" : "---\n\(patch.notes)\n"
      last = try repository.writeCommit(
        tree: tree, parents: [last], author: patch.author, committer: committer, message: patch.message + notes)
    }
    return last
  }

  private func record(_ base: Commit) throws(Failure) -> String {
    let day = Date(timeIntervalSince1970: Double(base.committer.seconds)).formatted(.iso8601.year().month().day())
    // A change's id is the same in all its versions, and nobody else's.
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
