import GitBinary

/// Files whose lines are hard on mail, and changes to them.
enum RandomPatches {
  private static let texts: [String] = [
    "int a;", "", "\treturn 0;", "From me to you", "From x Thu Jan  1 00:00:00 1970", ">From here", "--", "-- ", "---",
    "--- a/x.c", "+++ b/x.c", "diff --git a/x.c b/x.c", "@@ -1 +1 @@", "=", "=3D", "a=41b", "ends in space ",
    "ends in tab\t", "na\u{ef}ve \u{2014} \u{1F427}", "\u{c}", ".", "..", "Subject: no header", "--b", "--in--",
    "+-+-", "\\ No newline at end of file", "=?UTF-8?q?=41?=",
  ]

  private static let lines: [[UInt8]] = {
    var lines = texts.map { Array($0.utf8) }
    lines.append([0x63, 0x61, 0x66, 0xE9])
    lines.append([0xFF, 0xFE, 0x80])
    lines.append(Array(String(repeating: "x", count: 200).utf8))
    lines.append(Array(String(repeating: "na\u{ef}ve ", count: 30).utf8))
    return lines
  }()

  /// A file of some lines; some end in CR LF if `crlf`.
  static func file(crlf: Bool, using random: inout SplitMix) -> [[UInt8]] {
    (0..<Int.random(in: 1...40, using: &random)).map { _ in line(crlf: crlf, using: &random) }
  }

  private static func line(crlf: Bool, using random: inout SplitMix) -> [UInt8] {
    var line = lines.randomElement(using: &random) ?? []
    if crlf, Bool.random(using: &random) { line.append(0x0D) }
    line.append(0x0A)
    return line
  }

  /// The file with lines removed, added and replaced.
  static func changed(_ file: [[UInt8]], crlf: Bool, using random: inout SplitMix) -> [[UInt8]] {
    var file = file
    for _ in 0...Int.random(in: 0...3, using: &random) {
      let at = Int.random(in: 0...file.count, using: &random)
      switch Int.random(in: 0...2, using: &random) {
      case 0 where at < file.count: file.remove(at: at)
      case 1 where at < file.count: file[at] = line(crlf: crlf, using: &random)
      default: file.insert(line(crlf: crlf, using: &random), at: at)
      }
    }
    return file
  }

  /// The bytes, without the last newline now and then.
  static func bytes(_ file: [[UInt8]], using random: inout SplitMix) -> [UInt8] {
    let bytes = file.flatMap { $0 }
    return Bool.random(using: &random) && bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes
  }
}
