import CLibgit2
public import Diagnostics
public import PatchSeries

/// A commit, as plain values.
public struct Commit: Hashable, Sendable {
  /// The id of the commit itself.
  public var id: ObjectID
  /// The id of its tree.
  public var tree: ObjectID
  /// The ids of its parents, in order; empty for a root commit.
  public var parents: [ObjectID]
  /// The author, with the author date.
  public var author: Signature
  /// The committer, with the commit date.
  public var committer: Signature
  /// The message as stored, subject first.
  public var message: String

  /// The message's first paragraph as one line.
  public var subject: String {
    paragraphs.subject.map(Self.withoutTrailingSpace).joined(separator: " ")
  }

  /// The message after its first paragraph, without empty lines around it.
  public var body: String {
    String(Self.withoutTrailingSpace(paragraphs.body.joined(separator: "\n")[...]))
  }

  private var paragraphs: (subject: ArraySlice<Substring>, body: ArraySlice<Substring>) {
    func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
    let lines = message.split(separator: "\n" as Character, omittingEmptySubsequences: false)
    let text = lines.drop(while: isBlank)
    let subject = text.prefix { !isBlank($0) }
    return (subject, text.dropFirst(subject.count).drop(while: isBlank))
  }

  private static func withoutTrailingSpace(_ text: Substring) -> Substring {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

extension Repository {
  /// The commit that a revision names, with tags resolved.
  ///
  /// - Throws: `Failure(.input)` when the revision is unknown or not a commit.
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

  /// The commits of `from..to`, oldest first: those after `from`, up to and including `to`.
  ///
  /// - Throws: `Failure(.input)` for a merge, or when `to` does not descend from `from`: neither is a series.
  public func commits(in range: (from: String, to: String)) throws(Failure) -> [Commit] {
    let from = try resolve(range.from)
    var commit = try resolve(range.to)
    var commits: [Commit] = []
    while commit.id != from.id {
      guard commit.parents.count < 2 else {
        throw Failure(
          .input, "commit \(commit.id.abbreviated()) ('\(commit.subject)') in \(range.from)..\(range.to) is a merge",
          notes: ["a series must be linear: git rebase \(range.from) makes it so"])
      }
      commits.append(commit)
      guard let parent = commit.parents.first, try isAncestor(from.id, of: parent) else {
        throw Failure(
          .input, "'\(range.to)' does not descend from '\(range.from)' in '\(path)'",
          notes: ["name the commit the series starts from: git merge-base \(range.from) \(range.to)"])
      }
      do throws(Failure) { commit = try resolve(parent.hex) } catch  where isShallow {
        throw Failure(
          .input, "'\(range.to)' does not descend from '\(range.from)' as far as the shallow clone '\(path)' goes",
          notes: ["git fetch --deepen=100 fetches more of its history"])
      }
    }
    return commits.reversed()
  }

  private var isShallow: Bool { git_repository_is_shallow(pointer) == 1 }

  private func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(Failure) -> Bool {
    // libgit2 1.5 walks on where the history of a shallow clone ends, and fails. There, the caller comes to the end.
    if ancestor == commit || isShallow { return true }
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

extension Repository {
  /// Writes a commit and returns its id. The commit exists in this instance only.
  ///
  /// - Throws: `Failure(.input)` for an author or committer that git would also refuse, such as an empty name.
  public func writeCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String
  ) throws(Failure) -> ObjectID {
    let operation = { "cannot write the commit '\(message.prefix { $0 != "\n" })'" }
    let root = try lookUp(tree: tree)
    let author = try Person(author, operation)
    let committer = try Person(committer, operation)
    var commits: [OpaquePointer?] = []
    defer { for commit in commits { git_commit_free(commit) } }
    for parent in parents {
      var (oid, commit) = (parent.oid, OpaquePointer?.none)
      try check(git_commit_lookup(&commit, pointer, &oid), operation)
      commits.append(commit)
    }
    var buffer = git_buf()
    try check(
      git_commit_create_buffer(
        &buffer, pointer, author.pointer, committer.pointer, nil, message, root.pointer, commits.count, &commits),
      operation)
    defer { git_buf_dispose(&buffer) }
    return try write(UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size), as: GIT_OBJECT_COMMIT)
  }
}

/// An author or a committer in libgit2's memory.
private struct Person: ~Copyable {
  let pointer: UnsafeMutablePointer<git_signature>

  init(_ signature: Signature, _ operation: () -> String) throws(Failure) {
    // Characters that git removes from a name (`strbuf_addstr_without_crud` in ident.c) and libgit2 refuses.
    func clean(_ text: String) -> String { text.filter { !"<>\n\r\0".contains($0) } }
    var pointer: UnsafeMutablePointer<git_signature>?
    try check(
      git_signature_new(
        &pointer, clean(signature.name), clean(signature.email), signature.seconds, Int32(signature.offsetMinutes)),
      operation)
    guard let pointer else { throw Failure(.input, operation()) }
    self.pointer = pointer
  }

  deinit { git_signature_free(pointer) }
}
