import CLibgit2
import Diagnostics
import PatchSeries

/// One file's part of a patch, rewritten for libgit2, which applies it.
///
/// libgit2 gets each file by itself, under a dummy name, in a tree that holds nothing else: 0.1 ms instead of the 0.6 s
/// that a kernel's tree takes. It never sees names, modes and whole files, which it checks less strictly than git;
/// `PatchApplication` checks them as git does.
struct Libgit2Apply {
  private static let name = "file"

  private let text: [UInt8]
  private let isBinary: Bool
  /// The byte that replaces zero bytes in `text` and in the file to patch; nil if there are none.
  private let zero: UInt8?

  /// The hunks of a text file.
  ///
  /// Returns nil if the hunks hold zero bytes and no other byte value is unused in them and in the file.
  init?(hunks: [Hunk], of file: [UInt8]) {
    let lines = hunks.flatMap { $0.lines.map(\.content) }
    // libgit2 1.5.1 copies a line up to its first zero byte only, and reads on (`git__strndup` in patch_parse.c).
    if lines.contains(where: { $0.contains(0) }) {
      let used = Set(file).union(lines.joined())
      guard let free = (UInt8(1)...UInt8.max).first(where: { !used.contains($0) }) else { return nil }
      zero = free
    } else {
      zero = nil
    }
    var text = Array("diff --git a/\(Self.name) b/\(Self.name)\n--- a/\(Self.name)\n+++ b/\(Self.name)\n".utf8)
    var shift = 0
    for hunk in hunks {
      // libgit2 places a hunk by its new start, and treats it as a line number even if the hunk leaves no line.
      let start = hunk.oldIndex + 1
      text += "@@ -\(start),\(hunk.oldCount) +\(start + shift),\(hunk.newCount) @@\n".utf8
      for line in Self.removalsFirst(hunk.lines) { Self.write(line, zero, to: &text) }
      shift += hunk.newCount - hunk.oldCount
    }
    self.text = text
    isBinary = false
  }

  /// The encoded part of a binary file.
  ///
  /// - Parameters:
  ///   - part: the file's part of the patch as mailed.
  ///   - ids: the ids in the `index` line, forty digits each.
  ///
  /// Returns nil if the part has no data.
  init?(binary part: ArraySlice<UInt8>, ids: (old: String, new: String)) {
    let lines = part.split(separator: 0x0A, omittingEmptySubsequences: false)
    let encoded = lines.drop { !$0.elementsEqual("GIT binary patch".utf8) }
    guard encoded.dropFirst().contains(where: { !$0.isEmpty }) else { return nil }
    text =
      Array("diff --git a/\(Self.name) b/\(Self.name)\nindex \(ids.old)..\(ids.new) 100644\n".utf8)
      + encoded.joined(separator: [0x0A])
    isBinary = true
    zero = nil
  }

  /// The lines with removals before additions: libgit2 accepts a removed last line without a newline only if no other line
  /// of the hunk follows.
  private static func removalsFirst(_ lines: [Hunk.Line]) -> [Hunk.Line] {
    var result: [Hunk.Line] = []
    var added: [Hunk.Line] = []
    for line in lines {
      switch line.kind {
      case .added: added.append(line)
      case .removed: result.append(line)
      case .context:
        result += added + [line]
        added = []
      }
    }
    return result + added
  }

  private static func write(_ line: Hunk.Line, _ zero: UInt8?, to text: inout [UInt8]) {
    switch line.kind {
    case .context: text.append(UInt8(ascii: " "))
    case .added: text.append(UInt8(ascii: "+"))
    case .removed: text.append(UInt8(ascii: "-"))
    }
    text += zero.map { zero in line.content.map { $0 == 0 ? zero : $0 } } ?? line.content
    if line.content.last != 0x0A { text += "\n\\ No newline at end of file\n".utf8 }
  }

  /// Applies the patch to the bytes of a file with libgit2's `git_apply_to_tree`.
  ///
  /// - Returns: the resulting blob, or the reason why the patch does not apply.
  func apply(to bytes: [UInt8], in repository: Repository) throws(Failure) -> Result<ObjectID, Refusal> {
    var pointer: OpaquePointer?
    let parsed = text.withUnsafeBytes {
      git_diff_from_buffer(&pointer, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard parsed == 0, let diff = Handle(pointer, free: git_diff_free), git_diff_num_deltas(diff.pointer) == 1 else {
      return .failure(isBinary ? .damaged : Refusal(parsed))
    }
    if isBinary, let problem = BinaryData.problem(with: diff) { return .failure(Refusal(reason: problem)) }
    let file = zero.map { zero in bytes.map { $0 == 0 ? zero : $0 } } ?? bytes
    let scratch = try repository.writeTree(
      editing: [Self.name: Repository.FileEdit(id: try repository.writeBlob(file))], over: .emptyTree)
    let tree = try repository.lookUp(tree: scratch)
    var index: OpaquePointer?
    let code = git_apply_to_tree(&index, repository.pointer, tree.pointer, diff.pointer, nil)
    guard code == 0, let index = Handle(index, free: git_index_free),
      let entry = git_index_get_bypath(index.pointer, Self.name, 0)
    else { return .failure(isBinary ? .damaged : Refusal(code)) }
    let id = ObjectID(entry.pointee.id)
    guard let zero else { return .success(id) }
    return .success(try repository.writeBlob(try repository.blob(id).map { $0 == zero ? 0 : $0 }))
  }

  /// Why a patch does not apply.
  struct Refusal: Error {
    static let damaged = Refusal(reason: "its data is damaged")

    var reason: String

    init(reason: String) { self.reason = reason }

    init(_ code: Int32) { reason = "libgit2: \(lastError(code))" }
  }
}
