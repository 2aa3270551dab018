public import Diagnostics
import Support

/// Reads the unified diffs in a patch, as git and `diff -up` write them.
///
/// Like `git apply`, it skips text before, between and after the diffs: a commit message, a diffstat, a mail's
/// signature. It never skips or repairs a hunk, whose lines must match the counts in its header exactly. As in git, an
/// empty line is an empty context line, since mailers strip its space.
public struct DiffReader {
  let lines: Lines
  let file: String
  let firstLine: Int
  var at = 0
  /// How many folders are in front of each path: the `a/` and `b/`, or nothing.
  var prefixes = 1

  /// - Parameters:
  ///   - file: the name of the patch in the place of a finding.
  ///   - firstLine: the number in that file of the first line in `bytes`.
  public static func read(
    _ bytes: [UInt8], file: String, firstLine: Int = 1
  ) throws(Failure) -> [FileDiff] {
    var reader = DiffReader(lines: Lines(bytes), file: file, firstLine: firstLine)
    return try reader.read()
  }

  private mutating func read() throws(Failure) -> [FileDiff] {
    var diffs: [FileDiff] = []
    var afterHunk = false
    while at < lines.count {
      let line = lines.content(at)
      if line.begins(with: "diff --git ") {
        diffs.append(try readGitDiff())
        afterHunk = !(diffs.last?.hunks.isEmpty ?? true)
        continue
      }
      if startsPlainDiff(at) {
        diffs.append(try readPlainDiff())
        afterHunk = true
        continue
      }
      if line.begins(with: "@@ -") {
        throw malformed("hunk without the '---' and '+++' lines that name its file")
      }
      if line.begins(with: "--- "), at + 1 < lines.count, lines[at + 1].begins(with: "+++ "), afterHunk {
        throw malformed("'---' and '+++' lines without a hunk", notes: ["git passes over them: the hunks may be lost"])
      }
      if afterHunk, let first = line.first, " +-\\".utf8.contains(first), !isFooter(at) {
        throw malformed(
          "line belongs to no hunk: by the counts in its '@@' line, the hunk above ends before it",
          notes: [
            "if the patch was edited by hand, its counts are wrong: regenerate it with git format-patch",
            "if the line is text below the patch, remove it",
          ])
      }
      afterHunk = false
      at += 1
    }
    return diffs
  }

  /// Whether a line starts what people and mailing lists add below a patch, which git skips: a line of dashes or of white
  /// space, below which there is no other diff.
  private func isFooter(_ index: Int) -> Bool {
    let line = lines.content(index).trimmedEnd
    guard line.isEmpty || line.count > 1 && line.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return false }
    return line.count == 2
      || !(index..<lines.count).contains {
        startsPlainDiff($0) || lines[$0].begins(with: "diff --git ") || lines[$0].begins(with: "@@ -")
      }
  }

  func number(_ index: Int) -> Int {
    firstLine + index
  }

  func malformed(_ message: String, line index: Int? = nil, notes: [String] = []) -> Failure {
    Failure(.input, at: Place(file, line: number(index ?? at)), message, notes: notes)
  }
}

extension DiffReader {
  /// Refuses paths that lead out of the tree or are not what they seem.
  func checkPaths(of diff: FileDiff, line: Int) throws(Failure) {
    for (path, mode) in [(diff.oldPath, diff.oldMode), (diff.newPath, diff.newMode)] {
      guard let path, let problem = TreePath.problem(path, isLink: mode == .symlink) else { continue }
      throw malformed("patch names \(PathQuoting.quoted(path, prefix: "")), \(problem)", line: line)
    }
  }

  /// The path of a `---` or `+++` line, without its `a/` or `b/`; nil for `/dev/null`.
  func path(in text: ArraySlice<UInt8>) throws(Failure) -> String? {
    var name: String
    if text.first == 0x22 {
      guard let quoted = PathQuoting.unquoted(text) else { throw malformed("quoted path is unterminated or malformed") }
      name = quoted.path
    } else {
      // git also ends a name at a CR, so that it can read a diff with CR LF line ends.
      name = text.prefix { $0 != 0x09 && $0 != 0x0D }.text
    }
    if name == "/dev/null" { return nil }
    return try withoutPrefix(name)
  }

  /// `name` without its first component, as with `git apply -p1`, unless the patch's paths have no prefix.
  func withoutPrefix(_ name: String) throws(Failure) -> String {
    if prefixes == 0 { return name }
    guard let slash = name.firstIndex(of: "/"), name.index(after: slash) < name.endIndex else {
      throw malformed("path '\(name)' lacks the prefix 'a/' or 'b/'")
    }
    return String(name[name.index(after: slash)...])
  }
}
