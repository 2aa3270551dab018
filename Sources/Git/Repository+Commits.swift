import CLibgit2
public import Diagnostics
import PatchSeries

extension Repository {
  /// The commit a revision names, through any tags.
  public func resolve(_ revision: String) throws(Failure) -> Commit {
    var object: OpaquePointer?
    let code = git_revparse_single(&object, pointer, revision)
    guard code == 0, let named = Handle(object, free: git_object_free) else {
      let reason = code == GIT_ENOTFOUND.rawValue ? "no branch, tag or commit has this name" : lastError(code)
      throw Failure(.input, "unknown revision '\(revision)' in '\(path)'", notes: [reason])
    }
    var peeled: OpaquePointer?
    try check(git_object_peel(&peeled, named.pointer, GIT_OBJECT_COMMIT)) {
      "'\(revision)' in '\(path)' is not a commit"
    }
    guard let commit = Handle(peeled, free: git_object_free) else {
      throw Failure(.input, "'\(revision)' in '\(path)' is not a commit")
    }
    return Self.commit(commit.pointer)
  }

  /// The commits of `from..to`, oldest first: those from `from` up to and including `to`, along one line of parents.
  ///
  /// A merge, or a `to` that does not descend from `from`, is a failure: neither is a series.
  public func commits(in range: (from: String, to: String)) throws(Failure) -> [Commit] {
    let from = try resolve(range.from)
    var commit = try resolve(range.to)
    var commits: [Commit] = []
    while commit.id != from.id {
      guard commit.parents.count < 2 else {
        throw Failure(
          .input, "commit \(commit.id.abbreviated()) ('\(commit.subject)') in \(range.from)..\(range.to) is a merge",
          notes: ["a series is a line of commits: git rebase \(range.from) makes one"])
      }
      commits.append(commit)
      guard let parent = commit.parents.first, try isAncestor(from.id, of: parent) else {
        throw Failure(
          .input, "'\(range.to)' does not descend from '\(range.from)' in '\(path)'",
          notes: ["name the commit the series starts from: git merge-base \(range.from) \(range.to)"])
      }
      commit = try resolve(parent.hex)
    }
    return commits.reversed()
  }

  private func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(Failure) -> Bool {
    if ancestor == commit { return true }
    var child = commit.oid
    var parent = ancestor.oid
    return try check(git_graph_descendant_of(pointer, &child, &parent)) {
      "cannot walk the history of \(commit.abbreviated())"
    } == 1
  }

  private static func commit(_ pointer: OpaquePointer) -> Commit {
    func id(_ oid: UnsafePointer<git_oid>?) -> ObjectID { oid.map { ObjectID($0.pointee) } ?? .zero }
    return Commit(
      id: id(git_commit_id(pointer)),
      tree: id(git_commit_tree_id(pointer)),
      parents: (0..<git_commit_parentcount(pointer)).map { id(git_commit_parent_id(pointer, $0)) },
      author: signature(git_commit_author(pointer)),
      committer: signature(git_commit_committer(pointer)),
      message: git_commit_message(pointer).map { String(cString: $0) } ?? "")
  }

  private static func signature(_ pointer: UnsafePointer<git_signature>?) -> Signature {
    guard let signature = pointer?.pointee else { return Signature(name: "", email: "", seconds: 0) }
    return Signature(
      name: signature.name.map { String(cString: $0) } ?? "",
      email: signature.email.map { String(cString: $0) } ?? "",
      seconds: signature.when.time, offsetMinutes: Int(signature.when.offset))
  }
}
