import Diagnostics
import Support

/// Diffs without git's header, as `diff -u` writes them. Names and dates read as in git (`parse_traditional_patch` in
/// apply.c).
extension DiffReader {
  /// Whether a plain diff (one without a `diff --git` line) starts at a line.
  func startsPlainDiff(_ index: Int) -> Bool {
    index + 2 < lines.count && lines[index].begins(with: "--- ") && lines[index + 1].begins(with: "+++ ")
      && lines[index + 2].begins(with: "@@ -")
  }

  mutating func readPlainDiff() throws(Failure) -> FileDiff {
    let start = at
    guard let old = PlainName(lines.content(at).dropFirst(4)), let new = PlainName(lines.content(at + 1).dropFirst(4))
    else { throw malformed("quoted path is unterminated or malformed") }
    if old.isNull && new.isNull { throw malformed("both sides of the diff are /dev/null") }
    // A name without a folder has no prefix either. Like git, expect none in the rest of the patch.
    if !new.isNull, !new.hasFolder { prefixes = 0 }
    let name = old.isNull ? nil : old.path(without: prefixes)
    guard let path = new.isNull ? name : new.path(without: prefixes, or: name) else {
      throw malformed("path '\(new.isNull ? old.text : new.text)' lacks the prefix 'a/' or 'b/'")
    }
    let status: FileStatus =
      old.isNull || old.isEpoch ? .added : new.isNull || new.isEpoch ? .deleted : .modified
    at += 2
    var diff = FileDiff(
      oldPath: status == .added ? nil : path, newPath: status == .deleted ? nil : path, status: status, binary: false,
      hunks: try readHunks(), number: number(start), bytes: 0..<0)
    diff.hasPrefix = prefixes == 1
    diff.mayBeNew = status == .modified && diff.hunks.count == 1 && diff.hunks[0].oldCount == 0
    diff.bytes = lines.ranges[start].lowerBound..<lines.ranges[at - 1].upperBound
    try checkPaths(of: diff, line: start)
    return diff
  }
}

/// The name and the time on a `---` or `+++` line.
private struct PlainName {
  /// The name as it is written; the folders in front of it are not removed.
  let text: String
  let isNull: Bool
  /// Whether the time is the epoch, with which `diff -N` marks a file that is not there.
  let isEpoch: Bool

  /// Returns nil for a name with damaged quotes.
  init?(_ line: ArraySlice<UInt8>) {
    isNull = line.begins(with: "/dev/null") && line.dropFirst("/dev/null".utf8.count).first?.isGitSpace != false
    isEpoch = Self.isEpoch(line)
    if line.first == 0x22 {
      guard let quoted = PathQuoting.unquoted(line) else { return nil }
      text = quoted.path
    } else {
      // git also ends a name at a CR, so that it can read a diff with CR LF line ends.
      text = Self.withoutTime(line)?.text ?? line.prefix { $0 != 0x09 && $0 != 0x0D }.text
    }
  }

  var hasFolder: Bool { text.utf8.contains(UInt8(ascii: "/")) }

  /// The path without its first folders; `other` if it has fewer, or is only `other` with something appended, as in
  /// `iommu.c.orig`.
  func path(without folders: Int, or other: String? = nil) -> String? {
    let names = text.split(separator: "/", maxSplits: folders, omittingEmptySubsequences: false)
    guard names.count > folders, let rest = names.last, !rest.isEmpty else { return other }
    if let other, other.utf8.count < rest.utf8.count, rest.utf8.starts(with: other.utf8) { return other }
    return String(rest)
  }

  /// The line without the time at its end, before which some mailers turn the tab into spaces; nil without a time.
  private static func withoutTime(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.last?.isDigit == true else { return nil }
    let text = line.text
    let time = #/(?:\t| +)(?:\d\d)?\d\d-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?)?(?: [-+]\d\d:?\d\d)?$/#
    guard let match = text.firstMatch(of: time), match.range.lowerBound > text.startIndex else { return nil }
    return line.dropLast(match.output.utf8.count)
  }

  /// git's `has_epoch_timestamp`: midnight of 1970-01-01, UTC, on a clock anywhere.
  private static func isEpoch(_ line: ArraySlice<UInt8>) -> Bool {
    guard let tab = line.lastIndex(of: 0x09) else { return false }
    let time = #/(1969-12-31|1970-01-01) ([0-2]\d):([0-5]\d):00(?:\.0+)? ([-+])([0-2]\d):?([0-5]\d)/#
    guard let (_, day, hour, minute, sign, hours, minutes) = line[tab...].dropFirst().text.wholeMatch(of: time)?.output,
      let local = clock(hour, minute), let offset = clock(hours, minutes)
    else { return false }
    return local - (sign == "-" ? -offset : offset) == (day.hasPrefix("1969") ? 24 * 60 : 0)
  }

  private static func clock(_ hours: Substring, _ minutes: Substring) -> Int? {
    Int(hours).flatMap { hours in Int(minutes).map { hours * 60 + $0 } }
  }
}
