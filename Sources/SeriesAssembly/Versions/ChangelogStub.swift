import Descriptions
import PatchSeries

/// A draft of a new version's changelog, in the form of a series' `changes`. The patches show what changed; why is left
/// as a blank, and `generate` refuses a series with blanks.
public struct ChangelogStub {
  private let version: Int
  /// From the previous version to this one.
  public let whole: RangeDiff
  /// The same in two steps, where they are known: from the old base to the new one with the old descriptions, then from
  /// the old descriptions to the new ones.
  public var steps: (base: RangeDiff, descriptions: RangeDiff)?
  /// The new base's name in messages; nil if the base is unchanged.
  public var base: String?

  /// - Parameters:
  ///   - version: the new version's number.
  ///   - whole: the comparison of the previous version with this one.
  public init(version: Int, whole: RangeDiff) {
    self.version = version
    self.whole = whole
  }

  /// The changelog as YAML; empty if nothing changed.
  public var yaml: String {
    let patches = whole.pairs.compactMap(entry)
    let cover = coverLines.isEmpty ? "" : "cover:\n" + changes(coverLines, isBlank: false, indent: "  ")
    return cover + (patches.isEmpty ? "" : "patches:\n" + patches.joined())
  }

  /// Changes to the series as a whole.
  private var coverLines: [String] {
    (base.map { ["Rebase onto \($0)"] } ?? [])
      + whole.pairs.compactMap { pair in
        switch (pair.old, pair.new) {
        case (nil, let new?): "Add patch \(new), '\(pair.subject)'"
        case (let old?, nil): "Drop patch \(old) of v\(version - 1), '\(pair.subject)'"
        default: nil
        }
      }
  }

  private func entry(_ pair: RangeDiff.Pair) -> String? {
    guard pair.old != nil, let new = pair.new else { return nil }
    let own = steps?.descriptions.pairs.first { $0.new == new } ?? pair
    let rebased = own.old.flatMap { old in steps?.base.pairs.first { $0.new == old } }
    var lines: [String] = []
    if !own.files.isEmpty { lines.append("\(own.files.joined(separator: ", ")): say what changed, and why") }
    if own.isReworded { lines.append("Reword the message") }
    if let files = rebased?.files, !files.isEmpty, let base {
      lines.append("Adapt to \(base): \(files.joined(separator: ", "))")
    }
    guard !lines.isEmpty else { return nil }
    return "  - subject: \(pair.subject.quotedForYAML)\n" + changes(lines, isBlank: !own.files.isEmpty, indent: "    ")
  }

  private func changes(_ lines: [String], isBlank: Bool, indent: String) -> String {
    let items = lines.map {
      WrappedText.wrap("- \($0)", indent: 0, hanging: 2, width: PatchDescription.columns)
    }
    let text = items.joined(separator: "\n").split(separator: "\n").map { "\(indent)    \($0)\n" }.joined()
    return "\(indent)changes:\n\(indent)  \(version): \(isBlank ? Blank.tag + " " : "")|\n\(text)"
  }
}
