import Diagnostics
import Support

/// A change in a form that git passes over without a word: git applies only unified diffs that start at the margin.
struct ForeignDiff {
  enum Form: String {
    case combined = "combined diff of a merge"
    case context = "context diff"
    case indented = "indented diff"
    case onlyIn = "'Only in' line, where diff lacked -N,"
    case binary = "'Binary files differ' line"
    case normal = "diff without -u"
  }

  let form: Form
  /// The index of its first line.
  let line: Int

  /// Those among the lines of a patch, which may hold other diffs and any text.
  static func all(in lines: Lines) -> [ForeignDiff] {
    var found: [ForeignDiff] = []
    // In a diff with git's header, "Binary files differ" stands for a hunk.
    var inHeader = false
    for index in 0..<lines.count {
      let line = lines[index]
      if line.begins(with: "diff --git ") { inHeader = true }
      guard let form = form(lines, index, inHeader: inHeader) else { continue }
      inHeader = false
      found.append(ForeignDiff(form: form, line: index))
    }
    return found
  }

  private static func form(_ lines: Lines, _ index: Int, inHeader: Bool) -> Form? {
    let line = lines[index]
    switch line.first {
    case UInt8(ascii: "d"):
      return line.begins(with: "diff --cc ") || line.begins(with: "diff --combined ") ? .combined : nil
    case UInt8(ascii: "O"):
      return line.begins(with: "Only in ") && line.firstRange(of: Array(": ".utf8)) != nil ? .onlyIn : nil
    case UInt8(ascii: "B"), UInt8(ascii: "F"):
      let names = line.begins(with: "Binary files ") || line.begins(with: "Files ")
      return names && !inHeader && lines.content(index).trimmedEnd.ends(with: " differ") ? .binary : nil
    case let digit? where digit.isDigit:
      let isNormal = lines.content(index).text.wholeMatch(of: #/\d+(,\d+)?[acd]\d+(,\d+)?/#) != nil
      return isNormal && index + 1 < lines.count && ["< ", "> "].contains { lines[index + 1].begins(with: $0) }
        ? .normal : nil
    case UInt8(ascii: "*"): return startsContextDiff(lines, index, indent: 0) ? .context : nil
    case 0x20, 0x09, UInt8(ascii: "X"):
      let indent = indent(of: line)
      return startsContextDiff(lines, index, indent: indent) || startsUnifiedDiff(lines, index, indent: indent)
        ? .indented : nil
    default: return nil
    }
  }

  /// The width of what patch(1) takes for indentation.
  private static func indent(of line: ArraySlice<UInt8>) -> Int {
    line.prefix { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "X") }.count
  }

  private static func startsUnifiedDiff(_ lines: Lines, _ index: Int, indent: Int) -> Bool {
    starts(lines, index, indent, with: ["--- ", "+++ ", "@@ -"])
  }

  private static func startsContextDiff(_ lines: Lines, _ index: Int, indent: Int) -> Bool {
    starts(lines, index, indent, with: ["*** ", "--- ", "********"])
  }

  private static func starts(_ lines: Lines, _ index: Int, _ indent: Int, with starts: [String]) -> Bool {
    index + starts.count <= lines.count
      && starts.enumerated().allSatisfy { lines[index + $0].dropFirst(indent).begins(with: $1) }
  }
}

extension ForeignDiff {
  /// What to say of the changes that git passes over. An indented diff quotes something.
  static func warnings(in lines: Lines, place: (Int) -> Place) -> [Finding] {
    all(in: lines).filter { $0.form != .indented }.map {
      Finding(
        .warning, at: place($0.line), "git passes over this \($0.form.rawValue): it is not applied",
        notes: ["if it belongs to the patch, write it with git diff or git format-patch"])
    }
  }

  /// What a text holds in place of a diff that git reads.
  ///
  /// - Parameter firstLine: the number of the text's first line in its file.
  static func notes(in lines: Lines, firstLine: Int = 1) -> [String] {
    all(in: lines).prefix(3).map { "line \(firstLine + $0.line) starts a \($0.form.rawValue), which git passes over" }
  }

  /// Refuses what patch(1), and so quilt, applies and git does not.
  static func refuse(in lines: Lines, file: String) throws(Failure) {
    guard let found = all(in: lines).first(where: { $0.form == .context || $0.form == .indented }) else { return }
    throw Failure(
      .input, at: Place(file, line: found.line + 1),
      "\(found.form.rawValue), which quilt applies and Seriesmith does not",
      notes: [
        found.form == .indented
          ? "if it only shows something, put another sign in front of its lines, such as '> '"
          : "rewrite it as a unified diff: quilt refresh -U 3"
      ])
  }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
  fileprivate func ends(with text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
