/// Writes patches as `git format-patch --abbrev=12` does, byte for byte.
public struct PatchWriter: Sendable {
  /// The text below the `-- ` that ends a patch, where git writes its version. Empty for no signature at all.
  public var signature: String
  /// The prefix in the subject's brackets.
  public var prefix: String
  /// Whether the subject contains `n/m`. git omits it for a single patch without a cover letter.
  public var numbered: Bool

  /// Writes patches that end in `-- ` and `signature`, or in neither if `signature` is empty.
  public init(signature: String, prefix: String = "PATCH", numbered: Bool = true) {
    self.signature = signature
    self.prefix = prefix
    self.numbered = numbered
  }

  /// The contents of a patch's file.
  ///
  /// - Parameter commit: the commit's id, 40 digits, for the `From` line.
  public func text(_ patch: Patch, commit: String) -> [UInt8] {
    var text = envelope(commit, patch.author)
    text += subject(patch.subject, number: patch.number, total: patch.total, reroll: patch.reroll)
    if HeaderEncoding.hasNonASCII(patch.subject + patch.body) { text += Self.eightBit }
    text += "\n" + Self.cleaned(patch.body) + "---\n"
    if !patch.notes.isEmpty { text += "\n" + patch.notes + "\n\n" }
    text += DiffStat(patch.files).text + "\n"
    return Array(text.utf8) + patch.diff + Array(ending.utf8)
  }

  /// The contents of the cover letter's file: subject, blurb, shortlog and diffstat.
  ///
  /// - Parameters:
  ///   - commit: the id of the series' last commit.
  ///   - files: the files that the whole series changes.
  ///   - base: the id of the commit that the series applies to, if others have that commit, too.
  public func text(
    _ cover: CoverLetter, of patches: [Patch], commit: String, files: [FileStat], base: String? = nil
  ) -> [UInt8] {
    var text = envelope(commit, cover.author)
    let total = patches.map(\.total).max() ?? 0
    text += subject(cover.subject, number: 0, total: total, reroll: patches.first?.reroll ?? 1)
    let said = patches.map { $0.subject + $0.body + $0.author.name } + [cover.subject, cover.blurb]
    if said.contains(where: HeaderEncoding.hasNonASCII) { text += Self.eightBit }
    text += "\n" + Self.cleaned(cover.blurb) + "\n" + Shortlog(patches).text
    text += DiffStat(files).text + "\n" + (base.map { "\nbase-commit: \($0)\n" } ?? "") + ending
    return Array(text.utf8)
  }

  private static let eightBit = """
    MIME-Version: 1.0
    Content-Type: text/plain; charset=UTF-8
    Content-Transfer-Encoding: 8bit

    """

  /// The date is git's constant, by which `file` recognises its patches.
  private func envelope(_ commit: String, _ author: Signature) -> String {
    "From \(commit) Mon Sep 17 00:00:00 2001\n" + HeaderEncoding.from(author.name, author.email) + "\n"
      + "Date: \(MailDate.text(author))\n"
  }

  private func subject(_ subject: String, number: Int, total: Int, reroll: Int) -> String {
    var bracket = prefix
    if reroll > 1 { bracket += " v\(reroll)" }
    if numbered { bracket += " \(padded(number, to: "\(total)".count))/\(total)" }
    return HeaderEncoding.subject(subject, after: "Subject: [\(bracket)] ") + "\n"
  }

  private var ending: String {
    if signature.isEmpty { return "" }
    return "-- \n" + signature + (signature.hasSuffix("\n") ? "" : "\n") + "\n"
  }

  /// The text without white space at the ends of lines and without empty lines at its start and end.
  private static func cleaned(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8).trimmedEnd.text }
    let cleaned = lines.drop { $0.isEmpty }.joined(separator: "\n")
    return cleaned.isEmpty ? "" : Array(cleaned.utf8).trimmedEnd.text + "\n"
  }
}

/// The subjects of a series, grouped by author, as git lists them in a cover letter.
struct Shortlog {
  private let patches: [Patch]

  init(_ patches: [Patch]) {
    self.patches = patches
  }

  var text: String {
    let subjects = Dictionary(grouping: patches, by: \.author.name).mapValues { $0.map(\.subject) }
    return subjects.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { author, subjects in
      "\(author) (\(subjects.count)):\n"
        + subjects.map { WrappedText.wrap($0, indent: 2, hanging: 4, width: 72) + "\n" }.joined() + "\n"
    }.joined()
  }

  /// A cover letter's text without the shortlog and the diffstat at its end.
  static func removed(from text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if let stat = lines.firstIndex(where: { PatchParts.isStat(Array($0.utf8)[...]) }) {
      lines.removeSubrange(stat...)
    }
    while true {
      while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
      guard let header = lines.lastIndex(where: { !$0.hasPrefix("  ") }), header + 1 < lines.count,
        isHeader(lines[header])
      else { return lines.joined(separator: "\n") }
      lines.removeSubrange(header...)
    }
  }

  /// `A U Thor (3):`.
  private static func isHeader(_ line: Substring) -> Bool {
    guard line.hasSuffix("):"), let open = line.lastIndex(of: "(") else { return false }
    return Int(line[line.index(after: open)...].dropLast(2)) != nil
  }
}
