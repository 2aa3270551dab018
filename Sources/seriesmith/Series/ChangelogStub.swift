import Descriptions
import PatchSeries

/// What there is to tell of a new version, in the form in which a series' `changes` have it. What changed can be read off
/// the patches; why it did is left as a blank, with which `generate` refuses the series.
struct ChangelogStub {
  var version: Int
  /// From the version before to this one.
  var whole: RangeDiff
  /// The same in two steps, where they are known: what the base made of the descriptions before, and the descriptions now
  /// of that.
  var steps: (base: RangeDiff, descriptions: RangeDiff)?
  /// What the new base is called; nil where it is the old one.
  var base: String?

  /// YAML, empty where there is nothing to tell.
  var yaml: String {
    let patches = whole.pairs.compactMap(entry)
    let cover = coverLines.isEmpty ? "" : "cover:\n" + changes(coverLines, isBlank: false, indent: "  ")
    return cover + (patches.isEmpty ? "" : "patches:\n" + patches.joined())
  }

  /// What concerns the series, not one of its patches.
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
