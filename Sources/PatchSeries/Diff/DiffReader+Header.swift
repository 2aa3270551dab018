import Diagnostics
import Support

extension DiffReader {
  /// Reads the diff of one file, from its `diff --git` line to its end.
  mutating func readGitDiff() throws(Failure) -> FileDiff {
    let start = at
    let name = commonName(in: lines.content(at).dropFirst("diff --git ".utf8.count))
    var diff = FileDiff(
      oldPath: name, newPath: name, status: .modified, binary: false, hunks: [], number: number(at), bytes: 0..<0)
    at += 1
    var header = Header()
    // git does not read a header line that lacks its newline.
    while at < lines.count, lines[at].last == 0x0A, try readHeaderLine(&diff, &header) { at += 1 }

    if header.names {
      guard at < lines.count, lines[at].begins(with: "@@ -") else {
        throw malformed("diff of \(diff.path) ends before its first hunk", line: at - 1)
      }
      diff.hunks = try readHunks()
    } else if diff.binary {
      try readBinary()
    } else if diff.status == .modified, header.modes.count < 2 || diff.oldMode == diff.newMode {
      throw malformed("diff changes nothing", line: start, notes: ["git refuses it: its hunks may be lost"])
    }
    guard diff.oldPath != nil, diff.newPath != nil else { throw malformed("diff does not name its file", line: start) }
    if diff.status == .added { diff.oldPath = nil }
    if diff.status == .deleted { diff.newPath = nil }
    diff.bytes = lines.ranges[start].lowerBound..<lines.ranges[at - 1].upperBound
    try checkPaths(of: diff, line: start)
    return diff
  }

  private struct Header {
    /// Which of the lines `old mode` and `new mode` were read.
    var modes: Set<String> = []
    /// Whether the `---` and `+++` lines were read.
    var names = false
  }

  /// Reads one header line; false at the end of the header.
  private mutating func readHeaderLine(_ diff: inout FileDiff, _ header: inout Header) throws(Failure) -> Bool {
    let line = lines.content(at)
    func value(after key: String) -> ArraySlice<UInt8>? {
      line.begins(with: key) ? line.dropFirst(key.utf8.count) : nil
    }
    if let text = value(after: "index ") {
      try readIndex(text, &diff)
      return true
    }
    if line.begins(with: "+++ ") { throw malformed("'+++' line without a '---' line before it") }
    if line.begins(with: "--- ") {
      guard at + 1 < lines.count, lines[at + 1].begins(with: "+++ ") else {
        throw malformed("'---' line without a '+++' line after it")
      }
      try readNames(&diff)
      header.names = true
      at += 2
      return false
    }
    if line.begins(with: "GIT binary patch") || line.begins(with: "Binary files ") {
      diff.binary = true
      return false
    }
    if let text = value(after: "old mode ") {
      diff.oldMode = try mode(text)
      header.modes.insert("old")
    } else if let text = value(after: "new mode ") {
      diff.newMode = try mode(text)
      header.modes.insert("new")
    } else if let text = value(after: "new file mode ") {
      diff.newMode = try mode(text)
      try set(.added, of: &diff)
    } else if let text = value(after: "deleted file mode ") {
      diff.oldMode = try mode(text)
      try set(.deleted, of: &diff)
    } else if let text = value(after: "rename from ") {
      diff.oldPath = try bareName(text)
      try set(.renamed, of: &diff)
    } else if let text = value(after: "rename to ") {
      diff.newPath = try bareName(text)
      try set(.renamed, of: &diff)
    } else if let text = value(after: "copy from ") {
      diff.oldPath = try bareName(text)
      try set(.copied, of: &diff)
    } else if let text = value(after: "copy to ") {
      diff.newPath = try bareName(text)
      try set(.copied, of: &diff)
    } else if let text = value(after: "similarity index ") {
      diff.similarity = Int(text.prefix { $0.isDigit }.text)
    } else if value(after: "dissimilarity index ") == nil {
      return false
    }
    return true
  }

  private func set(_ status: FileStatus, of diff: inout FileDiff) throws(Failure) {
    guard diff.status == .modified || diff.status == status else {
      throw malformed("header contradicts itself: the lines above say that the file was \(diff.status)")
    }
    diff.status = status
  }

  /// `index 0123456789ab..cdef01234567 100644`.
  private func readIndex(_ text: ArraySlice<UInt8>, _ diff: inout FileDiff) throws(Failure) {
    let words = text.text.split(separator: " ")
    let ids = words.first?.split(separator: ".", omittingEmptySubsequences: true) ?? []
    guard ids.count == 2, ids.allSatisfy({ $0.count >= 4 && $0.allSatisfy(\.isHexDigit) }) else {
      throw malformed("'index' line must have two blob ids")
    }
    diff.oldID = String(ids[0])
    diff.newID = String(ids[1])
    if words.count > 1 {
      diff.oldMode = try mode(Array(words[1].utf8)[...])
    }
  }

  private func readNames(_ diff: inout FileDiff) throws(Failure) {
    let old = try name(in: lines.content(at).dropFirst(4), or: diff.oldPath)
    let new = try name(in: lines.content(at + 1).dropFirst(4), or: diff.newPath)
    func disagree(_ expected: String?, _ found: String?) -> Failure {
      malformed("'---' and '+++' lines name \(found ?? "/dev/null"), but the header names \(expected ?? "/dev/null")")
    }
    // If the names on the `diff --git` line differ or cannot be read, only these lines name the file.
    if diff.oldPath == nil { diff.oldPath = old ?? new }
    if diff.newPath == nil { diff.newPath = new ?? old }
    let expectedOld = diff.status == .added ? nil : diff.oldPath
    let expectedNew = diff.status == .deleted ? nil : diff.newPath
    guard old == expectedOld else { throw disagree(expectedOld, old) }
    guard new == expectedNew else { throw disagree(expectedNew, new) }
  }

  /// The path of a `---` or `+++` line. As in git, the header's own name may lack its prefix there.
  private func name(in text: ArraySlice<UInt8>, or header: String?) throws(Failure) -> String? {
    let bare = text.prefix { $0 != 0x09 && $0 != 0x0D }
    if let header, !header.utf8.contains(UInt8(ascii: "/")), bare.elementsEqual(header.utf8) { return header }
    return try path(in: text)
  }

  private func mode(_ text: ArraySlice<UInt8>) throws(Failure) -> FileMode {
    // Old tools wrote 100664 and the like. git reads them as one of its two file modes.
    switch Int32(text.text.trimmed, radix: 8).flatMap(FileMode.init(stored:)) {
    case .submodule?: throw malformed("patch changes a submodule", notes: ["kernel trees have none: remove it"])
    case .directory?, nil: throw malformed("unknown file mode '\(text.text)'")
    case let mode?: return mode
    }
  }

  private func bareName(_ text: ArraySlice<UInt8>) throws(Failure) -> String {
    guard text.first == 0x22 else { return text.prefix { $0 != 0x0D }.text }
    guard let quoted = PathQuoting.unquoted(text) else { throw malformed("quoted path is unterminated or malformed") }
    return quoted.path
  }

  /// The name that both sides of `a/NAME b/NAME` share; nil if they differ, as in a rename.
  private func commonName(in text: ArraySlice<UInt8>) -> String? {
    if text.first == 0x22 {
      guard let first = PathQuoting.unquoted(text), let second = PathQuoting.unquoted(first.rest.dropFirst())
      else { return nil }
      let names = [first.path, second.path].compactMap { try? withoutPrefix($0) }
      return names.count == 2 && names[0] == names[1] ? names[0] : nil
    }
    let middle = text.startIndex + text.count / 2
    guard text.count % 2 == 1, text[middle] == 0x20 else { return nil }
    let old = try? withoutPrefix(text[..<middle].text)
    let new = try? withoutPrefix(text[(middle + 1)...].text)
    return old == new ? old : nil
  }

  /// Skips a `GIT binary patch` (two blocks of encoded lines, each followed by an empty line) or a `Binary files` line.
  private mutating func readBinary() throws(Failure) {
    let encoded = lines[at].begins(with: "GIT binary patch")
    at += 1
    while encoded, at < lines.count, lines[at].begins(with: "literal ") || lines[at].begins(with: "delta ") {
      let start = at
      while at < lines.count, !lines.content(at).isEmpty { at += 1 }
      // git, which writes data even for an empty file, stops reading here and applies what is above.
      guard at > start + 1 else { throw malformed("binary patch has a block without data", line: start) }
      guard at < lines.count else { throw malformed("binary patch is truncated", line: at - 1) }
      at += 1
    }
  }
}
