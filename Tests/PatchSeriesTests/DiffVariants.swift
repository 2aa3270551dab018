import GitBinary
import Support

@testable import PatchSeries

/// Other ways to write git's diff, as programs and people do. git takes some of them, and refuses others.
enum DiffVariants {
  static func varied(_ diff: [UInt8], using random: inout SplitMix) -> [UInt8] {
    switch Int.random(in: 0...9, using: &random) {
    case 0: dated(diff, using: &random)
    case 1: moved(diff, using: &random)
    case 2: withCRLF(diff)
    case 3: withoutPrefixes(diff)
    case 4: dated(moved(diff, using: &random), using: &random)
    case 5: beside(diff, using: &random)
    default: diff
    }
  }

  private static let times = [
    "\t2026-05-28 22:30:40.123456789 +0200", "\t2026-05-28 22:30:40", " 2026-05-28 22:30:40 +0200", "\t", "",
    "\t1970-01-01 00:00:01 +0000",
  ]
  private static let epochs = [
    "\t1970-01-01 00:00:00.000000000 +0000", "\t1970-01-01 02:00:00 +0200", "\t1969-12-31 16:00:00.0 -0800",
    "\t1970-01-01 05:30:00 +05:30",
  ]

  /// Like `diff -ruN`: names and times alone, and the epoch for a file that is not there.
  private static func dated(_ diff: [UInt8], using random: inout SplitMix) -> [UInt8] {
    let time = times.randomElement(using: &random) ?? ""
    let epoch = epochs.randomElement(using: &random) ?? ""
    let lines = Lines(diff)
    var result: [UInt8] = []
    for index in 0..<lines.count {
      let line = lines[index]
      let isName = line.begins(with: "--- ") || line.begins(with: "+++ ")
      let isHeader = ["diff ", "index ", "new file", "deleted file", "old mode", "new mode"].contains {
        line.begins(with: $0)
      }
      if isHeader && !line.begins(with: "diff -r") { continue }
      guard isName, !line.begins(with: "--- a/x.c") else {
        result += line
        continue
      }
      // The other side has the name that /dev/null stands for.
      let other = line.first == UInt8(ascii: "-") ? index + 1 : index - 1
      let isNull = line.dropFirst(4).begins(with: "/dev/null")
      let name =
        isNull && lines.ranges.indices.contains(other)
        ? lines.content(other).dropFirst(4) : lines.content(index).dropFirst(4)
      result += line.prefix(4) + name.prefix { $0 != 0x09 } + Array((isNull ? epoch : time).utf8) + [0x0A]
    }
    return result
  }

  /// As if made on another base: each hunk states lines further up or down.
  private static func moved(_ diff: [UInt8], using random: inout SplitMix) -> [UInt8] {
    let distance = Int.random(in: -4...4, using: &random)
    let lines = Lines(diff)
    return lines.ranges.flatMap { range -> [UInt8] in
      let line = lines.bytes[range]
      guard line.begins(with: "@@ -") else { return Array(line) }
      let text = String(decoding: line, as: UTF8.self)
      guard let match = text.firstMatch(of: #/^@@ -(\d+)(,\d+)? \+(\d+)(,\d+)? @@/#), let old = Int(match.1),
        let new = Int(match.3)
      else { return Array(line) }
      let start = "@@ -\(max(1, old + distance))\(match.2 ?? "") +\(max(1, new + distance))\(match.4 ?? "") @@"
      return Array(start.utf8) + line.dropFirst(match.0.utf8.count)
    }
  }

  private static func withCRLF(_ diff: [UInt8]) -> [UInt8] {
    diff.flatMap { (byte: UInt8) -> [UInt8] in byte == 0x0A ? [0x0D, 0x0A] : [byte] }
  }

  /// As `git diff --no-prefix` and `diff x.orig x` write names.
  private static func withoutPrefixes(_ diff: [UInt8]) -> [UInt8] {
    let lines = Lines(diff)
    return lines.ranges.flatMap { range -> [UInt8] in
      let line = lines.bytes[range]
      if line.begins(with: "diff --git ") || line.begins(with: "index ") { return [] }
      let isName = line.begins(with: "--- a/") || line.begins(with: "+++ b/")
      return isName ? Array(line.prefix(4) + line.dropFirst(6)) : Array(line)
    }
  }

  private static let others = [
    "Only in b/dir: other.c\n", "Binary files a/x.png and b/x.png differ\n",
    "*** a/x.c\n--- b/x.c\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n",
    "diff --cc x.c\nindex 1111111,2222222..3333333\n--- a/x.c\n+++ b/x.c\n@@@ -1 -1 +1 @@@\n- a\n -x\n++b\n",
    "@@ -1 +1 @@ is a hunk\n", "  --- a/x.c\n  +++ b/x.c\n  @@ -1 +1 @@\n  -a\n  +b\n", "Index: x.c\n=====\n",
  ]

  /// Behind something that is no diff for git.
  private static func beside(_ diff: [UInt8], using random: inout SplitMix) -> [UInt8] {
    Array((others.randomElement(using: &random) ?? "").utf8) + diff
  }
}
