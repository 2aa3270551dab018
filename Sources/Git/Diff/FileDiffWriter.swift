import CLibgit2
import Diagnostics
import PatchSeries
import Support

/// One file's part of a diff.
struct ComparedFile: Sendable {
  var text: [UInt8]
  var stat: FileStat
}

/// Writes one file's part of a diff as git does (diff.c).
struct FileDiffWriter: Sendable {
  private var text: [UInt8] = []
  private let change: Change
  private let before: DiffSide
  private let after: DiffSide
  private let binary: Bool
  private let headings: HunkHeadings

  init(_ change: Change, before: DiffSide, after: DiffSide, binary: Bool, headings: HunkHeadings) {
    self.change = change
    self.before = before
    self.after = after
    self.binary = binary
    self.headings = headings
  }

  func written() throws(Failure) -> ComparedFile {
    var writer = self
    let stat = try writer.write()
    return ComparedFile(text: writer.text, stat: stat)
  }

  private mutating func write() throws(Failure) -> FileStat {
    var stat = FileStat(
      path: change.path, oldPath: change.oldPath, status: change.status, added: 0, deleted: 0, binary: binary,
      oldMode: change.oldMode, mode: change.newMode, similarity: change.similarity)
    writeHeader()
    if binary {
      stat.deleted = before.count
      stat.added = after.count
      if change.oldID != change.newID { try writeBinary() }
    } else if change.oldID != change.newID, before.count + after.count > 0 {
      try writeText(&stat)
    }
    return stat
  }

  private mutating func line(_ content: String) {
    text += content.utf8
    text.append(0x0A)
  }

  private mutating func writeHeader() {
    let old = change.oldPath ?? change.path
    line("diff --git \(PathQuoting.quoted(old, prefix: "a/")) \(PathQuoting.quoted(change.path, prefix: "b/"))")
    switch (change.oldMode, change.newMode) {
    case (nil, let mode?): line("new file mode \(mode.octal)")
    case (let mode?, nil): line("deleted file mode \(mode.octal)")
    case (let one?, let two?) where one != two:
      line("old mode \(one.octal)")
      line("new mode \(two.octal)")
    default: break
    }
    if change.status == .renamed {
      line("similarity index \(change.similarity ?? 100)%")
      line("rename from \(PathQuoting.quoted(old))")
      line("rename to \(PathQuoting.quoted(change.path))")
    }
    guard change.oldID != change.newID else { return }
    // git needs the whole ids to apply a binary patch.
    let digits = binary ? 40 : 12
    let ids = [change.oldID, change.newID].map { ($0 ?? .zero).abbreviated(digits) }.joined(separator: "..")
    line("index \(ids)" + (change.oldMode == change.newMode ? change.newMode.map { " \($0.octal)" } ?? "" : ""))
  }

  private mutating func writeNames() {
    func name(_ path: String, _ prefix: String) -> String {
      let quoted = PathQuoting.quoted(path, prefix: prefix)
      // The tab keeps GNU patch from reading the text after a space as a date.
      return quoted + (quoted.contains { $0 == " " || $0 == "\t" } ? "\t" : "")
    }
    line("--- " + (change.oldID == nil ? "/dev/null" : name(change.oldPath ?? change.path, "a/")))
    line("+++ " + (change.newID == nil ? "/dev/null" : name(change.path, "b/")))
  }

  private mutating func writeText(_ stat: inout FileStat) throws(Failure) {
    writeNames()
    let lines = Lines(before.withBytes { Array($0) })
    let patch = try patch()
    for index in 0..<git_patch_num_hunks(patch.pointer) {
      var pointer: UnsafePointer<git_diff_hunk>?
      var count = 0
      try check(git_patch_get_hunk(&pointer, &count, patch.pointer, index)) { "cannot diff \(change.path)" }
      guard let hunk = pointer?.pointee else { continue }
      writeHeader(of: hunk, in: lines)
      for number in 0..<count {
        var pointer: UnsafePointer<git_diff_line>?
        try check(git_patch_get_line_in_hunk(&pointer, patch.pointer, index, number)) { "cannot diff \(change.path)" }
        guard let line = pointer?.pointee else { continue }
        switch UInt8(bitPattern: line.origin) {
        case UInt8(ascii: "+"): stat.added += 1
        case UInt8(ascii: "-"): stat.deleted += 1
        case UInt8(ascii: " "): break
        default: continue  // libgit2 reports a missing newline as a separate line
        }
        text.append(UInt8(bitPattern: line.origin))
        text += UnsafeRawBufferPointer(start: line.content, count: line.content_len)
        if text.last != 0x0A { text += "\n\\ No newline at end of file\n".utf8 }
      }
    }
  }

  private mutating func writeHeader(of hunk: git_diff_hunk, in lines: Lines) {
    let range = Hunk(
      oldStart: Int(hunk.old_start), oldCount: Int(hunk.old_lines), newStart: Int(hunk.new_start),
      newCount: Int(hunk.new_lines))
    text += range.range.utf8
    if let heading = headings.heading(above: range.oldIndex, in: lines) { text += [0x20] + heading }
    text.append(0x0A)
  }

  private mutating func writeBinary() throws(Failure) {
    let patch = try patch()
    var buffer = git_buf()
    try check(git_patch_to_buf(&buffer, patch.pointer)) { "cannot diff \(change.path)" }
    defer { git_buf_dispose(&buffer) }
    let whole = UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size)
    // libgit2's header differs from git's, but the encoded part after it does not.
    let marker = Array("GIT binary patch\n".utf8)
    guard let start = whole.indices.first(where: { whole[$0...].starts(with: marker) }) else { return }
    text += whole[start...]
  }

  private func patch() throws(Failure) -> Handle {
    var options = git_diff_options()
    try check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))) { "cannot diff \(change.path)" }
    options.flags =
      GIT_DIFF_INDENT_HEURISTIC.rawValue
      | (binary ? GIT_DIFF_SHOW_BINARY.rawValue | GIT_DIFF_FORCE_BINARY.rawValue : GIT_DIFF_FORCE_TEXT.rawValue)
    options.context_lines = 3
    options.interhunk_lines = 0
    var patch: OpaquePointer?
    if !binary, !before.isSubmodule, !after.isSubmodule {
      // With empty names libgit2 reads no attributes from the disk or the index.
      try check(git_patch_from_blobs(&patch, before.blob?.pointer, "", after.blob?.pointer, "", &options)) {
        "cannot diff \(change.path)"
      }
    } else {
      // For a binary file the output holds the paths.
      let code = before.withBytes { before in
        after.withBytes { after in
          git_patch_from_buffers(
            &patch, before.baseAddress, before.count, change.oldPath ?? change.path, after.baseAddress, after.count,
            change.path, &options)
        }
      }
      try check(code) { "cannot diff \(change.path)" }
    }
    guard let patch = Handle(patch, free: git_patch_free) else { throw Failure(.input, "cannot diff \(change.path)") }
    return patch
  }
}
