import Git
import GitBinary
import Support

@testable import PatchSeries

/// Diffs between random trees of a few files, most of them damaged afterwards.
struct DamagedDiffs {
  let repository: Repository
  let base: ObjectID
  private let files: [String: [[UInt8]]]

  private static let names = ["a.c", "dir/b c.h", "dir/sub/c.c", "run.sh", "\u{e4}\"b\".h", "logo.bin"]
  private static let otherNames = ["new.c", "dir/new/x.h", "a.c/x", "link/x.c", "dir", "dir/sub", "dir/sub/d.c", ".x"]

  init(_ scratch: ScratchRepository, using random: inout SplitMix) throws {
    var files: [String: [[UInt8]]] = [:]
    for name in Self.names {
      files[name] = RandomPatches.file(crlf: false, using: &random)
      if name == "logo.bin" { files[name]?.insert([0, 1, 2, 0x0A], at: 0) }
      try scratch.write(files[name]?.flatMap { $0 } ?? [], to: name)
    }
    try scratch.write([], to: "empty")
    try scratch.git("add", "--all")
    try scratch.git("update-index", "--chmod=+x", "run.sh")
    let target = String(
      decoding: try scratch.git("hash-object", "-w", "--stdin", input: Array("dir".utf8)), as: UTF8.self)
    try scratch.git("update-index", "--add", "--cacheinfo", "120000,\(target.prefix(40)),link")
    try scratch.git("commit", "--quiet", "--message=base")
    repository = try Repository(opening: scratch.path)
    base = try repository.resolve("HEAD").tree
    self.files = files
  }

  /// A diff from `base` on.
  ///
  /// - Parameter damages: how often it is damaged; up to three times without it.
  func next(damages: Int? = nil, using random: inout SplitMix) throws -> [UInt8] {
    var edits: [String: [UInt8]?] = [:]
    for _ in 0...Int.random(in: 0...2, using: &random) {
      let name = Self.names.randomElement(using: &random) ?? ""
      let file = RandomPatches.changed(files[name] ?? [], crlf: false, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0: edits[name] = .some(nil)
      case 1:
        edits[name] = .some(nil)
        edits["moved/" + name] = RandomPatches.bytes(file, using: &random)
      case 2:
        edits[
          Self.otherNames.filter { !$0.hasPrefix("a.c/") && !$0.hasPrefix("link/") && !$0.hasPrefix("dir") }
            .randomElement(using: &random) ?? ""] =
          RandomPatches.bytes(file, using: &random)
      default: edits[name] = RandomPatches.bytes(file, using: &random)
      }
    }
    let tree = try repository.writeTree(changing: edits, over: base)
    let text = try repository.diff(from: base, to: tree).text
    let crossed = Int.random(in: 0..<10, using: &random) == 0 ? Self.renames(using: &random) : []
    var lines = Lines(DiffVariants.varied(crossed + text, using: &random))
    for _ in 0..<(damages ?? Int.random(in: 0...3, using: &random)) { lines = Lines(damaged(lines, using: &random)) }
    return lines.bytes
  }

  /// Files that take each other's names.
  private static func renames(using random: inout SplitMix) -> [UInt8] {
    let ring = Array(
      ["a.c", "run.sh", "dir/sub/c.c"].shuffled(using: &random).prefix(Int.random(in: 2...3, using: &random)))
    return zip(ring, ring.dropFirst() + ring.prefix(1)).flatMap { old, new in
      Array("diff --git a/\(old) b/\(new)\nsimilarity index 100%\nrename from \(old)\nrename to \(new)\n".utf8)
    }
  }

  private static let insertions = [
    "new file mode 100755", "new file mode 120000", "deleted file mode 100644", "old mode 100644", "new mode 100755",
    "new mode 120000", "rename from a.c", "rename to x.c", "copy from a.c", "copy to new.c", "similarity index 100%",
    "index 1111111..2222222 100644", "\\ No newline at end of file", "-- ", "--- a/a.c", "+++ b/a.c", "--- /dev/null",
    "+++ /dev/null", "diff --git a/a.c b/a.c", "diff --git a/a.c b/new.c", "@@ -1 +1 @@", "@@ -0,0 +1 @@",
    "@@ -1 +0,0 @@", "",
    " ", "+", "-", "+a", "GIT binary patch", "literal 0", "Text.", "Binary files a/a.c and b/a.c differ",
  ].map { Array($0.utf8) + [0x0A] }

  private func damaged(_ text: Lines, using random: inout SplitMix) -> [UInt8] {
    var lines = text.ranges.map { Array(text.bytes[$0]) }
    guard !lines.isEmpty else { return [] }
    // Most lines are text; what damages a header is what is told apart.
    let headers = lines.indices.filter {
      !" +-\\".utf8.contains(lines[$0].first ?? 0x20) || lines[$0].starts(with: "--- ".utf8)
        || lines[$0].starts(with: "+++ ".utf8)
    }
    let at =
      (Bool.random(using: &random) ? headers.randomElement(using: &random) : nil)
      ?? Int.random(in: 0..<lines.count, using: &random)
    switch Int.random(in: 0...10, using: &random) {
    case 0: lines.remove(at: at)
    case 1: lines.insert(lines[at], at: at)
    case 2: lines.swapAt(at, max(at - 1, 0))
    case 3:
      let digits = lines[at].indices.filter { (0x30...0x39).contains(lines[at][$0]) }
      if let digit = digits.randomElement(using: &random) {
        lines[at][digit] = UInt8.random(in: 0x30...0x39, using: &random)
      }
    case 4: lines[at][0] = " +-\\@x".utf8.randomElement(using: &random) ?? 0x20
    case 5:
      lines[at][Int.random(in: 0..<lines[at].count, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
    case 6: lines.insert(Self.insertions.randomElement(using: &random) ?? [], at: at)
    case 7:
      let name =
        (Self.names + Self.otherNames + ["../a.c", ".git/x", "/dev/null", "a.c "]).randomElement(using: &random) ?? ""
      let old = Self.names.randomElement(using: &random) ?? ""
      return Array(String(decoding: text.bytes, as: UTF8.self).replacing(old, with: name).utf8)
    case 8: return Array(text.bytes.prefix(Int.random(in: 0...text.bytes.count, using: &random)))
    case 9: lines[at].insert(0x0D, at: lines[at].count - 1)
    default: lines = Self.withLessContext(lines, using: &random)
    }
    return lines.flatMap { $0 }
  }

  /// The last context lines of a hunk taken away, as `git diff -U0` and the like leave it.
  private static func withLessContext(_ lines: [[UInt8]], using random: inout SplitMix) -> [[UInt8]] {
    let headers = lines.indices.filter { lines[$0].starts(with: "@@ -".utf8) }
    guard let header = headers.randomElement(using: &random) else { return lines }
    var end = lines[(header + 1)...].firstIndex { !" +-\\".utf8.contains($0.first ?? 0) } ?? lines.count
    var ranges = String(decoding: lines[header], as: UTF8.self).split(separator: " ").prefix(3).map(String.init)
    var lines = lines
    for _ in 0..<Int.random(in: 1...3, using: &random) where lines[end - 1].first == 0x20 {
      end -= 1
      lines.remove(at: end)
      for side in [1, 2] {
        let numbers = ranges[side].split(separator: ",")
        ranges[side] = "\(numbers[0]),\((numbers.count > 1 ? Int(numbers[1]) ?? 1 : 1) - 1)"
      }
    }
    lines[header] = Array((ranges.joined(separator: " ") + " @@\n").utf8)
    return lines
  }
}
