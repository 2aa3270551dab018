/// A diffstat with its summary, as `git format-patch` writes them (72 columns).
public struct DiffStat: Sendable {
  /// One entry for each changed file.
  public var files: [FileStat]
  /// `MAIL_DEFAULT_WRAP`: columns.
  public var width = 72

  /// The diffstat of these files.
  public init(_ files: [FileStat]) {
    self.files = files
  }

  /// A line for each file, the totals, and a summary of created, deleted, renamed and copied files and of mode changes.
  public var text: String {
    guard !files.isEmpty else { return "" }
    return stat + totals + summary
  }

  private var stat: String {
    let names = files.map(Self.shownName)
    let largest = files.lazy.filter { !$0.binary }.map { $0.added + $0.deleted }.max() ?? 0
    let binaryWidth =
      files.lazy.filter(\.binary).map { 14 + "\($0.added)".count + "\($0.deleted)".count }.max() ?? 0
    let numberWidth = max("\(largest)".count, binaryWidth > 0 ? 3 : 0)
    let columns = columns(
      names: names.map(\.utf8.count).max() ?? 0, numbers: numberWidth,
      graph: largest + 4 > binaryWidth ? largest : binaryWidth - 4)
    return zip(files, names).map { file, name in
      let number = file.binary ? "Bin" : "\(file.added + file.deleted)"
      let line =
        " " + Self.fitted(name, columns.names) + " | "
        + String(repeating: " ", count: max(0, numberWidth - number.count)) + number
      return line + Self.change(file, width: columns.graph, largest: largest) + "\n"
    }.joined()
  }

  /// The columns for names and graph. If they do not both fit, the graph gets three eighths of the width.
  private func columns(names: Int, numbers: Int, graph: Int) -> (names: Int, graph: Int) {
    let width = max(self.width, 16 + 6 + numbers)
    var (names, graph) = (names, graph)
    guard names + numbers + 6 + graph > width else { return (names, graph) }
    graph = min(graph, max(6, width * 3 / 8 - numbers - 6))
    if names > width - numbers - 6 - graph {
      names = width - numbers - 6 - graph
    } else {
      graph = width - numbers - 6 - names
    }
    return (names, graph)
  }

  /// The name in `width` columns: padded, or with its start replaced by dots.
  private static func fitted(_ name: String, _ width: Int) -> String {
    let bytes = Array(name.utf8)
    var shown = bytes[...]
    var prefix = ""
    var room = width
    if bytes.count > width {
      prefix = "..."
      room = max(0, width - 3)
      shown = bytes.suffix(room)
      if let slash = shown.firstIndex(of: UInt8(ascii: "/")) { shown = shown[slash...] }
    }
    return prefix + shown.text + String(repeating: " ", count: max(0, room - shown.count))
  }

  private static func change(_ file: FileStat, width: Int, largest: Int) -> String {
    if file.binary {
      return file.added == 0 && file.deleted == 0 ? "" : " \(file.deleted) -> \(file.added) bytes"
    }
    guard file.added + file.deleted > 0 else { return "" }
    var (added, deleted) = (file.added, file.deleted)
    if width <= largest {
      func scaled(_ count: Int) -> Int { count == 0 ? 0 : 1 + count * (width - 1) / largest }
      var total = scaled(added + deleted)
      if total < 2 && added > 0 && deleted > 0 { total = 2 }
      if added < deleted {
        added = scaled(added)
        deleted = total - added
      } else {
        deleted = scaled(deleted)
        added = total - deleted
      }
    }
    return " " + String(repeating: "+", count: added) + String(repeating: "-", count: deleted)
  }

  private var totals: String {
    func count(_ number: Int, _ noun: String, _ sign: String) -> String {
      ", \(number) \(noun)\(number == 1 ? "" : "s")(\(sign))"
    }
    let text = files.filter { !$0.binary }
    let added = text.reduce(0) { $0 + $1.added }
    let deleted = text.reduce(0) { $0 + $1.deleted }
    return " \(files.count) file\(files.count == 1 ? "" : "s") changed"
      + (added > 0 || deleted == 0 ? count(added, "insertion", "+") : "")
      + (deleted > 0 || added == 0 ? count(deleted, "deletion", "-") : "") + "\n"
  }

  private var summary: String {
    files.map { file in
      let name = PathQuoting.quoted(file.path)
      switch (file.status, file.oldMode, file.mode) {
      case (.added, _, let mode?): return " create mode \(mode.octal) \(name)\n"
      case (.deleted, let mode?, _): return " delete mode \(mode.octal) \(name)\n"
      case (.renamed, let old, let new), (.copied, let old, let new):
        let verb = file.status == .renamed ? "rename" : "copy"
        let change = old != new ? " mode change \(old?.octal ?? "") => \(new?.octal ?? "")\n" : ""
        return " \(verb) \(Self.shownName(file)) (\(file.similarity ?? 100)%)\n" + change
      case (.modified, let old?, let new?) where old != new:
        return " mode change \(old.octal) => \(new.octal) \(name)\n"
      default: return ""
      }
    }.joined()
  }

  /// The path; for a rename, both paths with their common parts written once: `drivers/{a => b}/c.c`.
  private static func shownName(_ file: FileStat) -> String {
    guard let oldPath = file.oldPath else { return PathQuoting.quoted(file.path) }
    let quoted = (PathQuoting.quoted(oldPath), PathQuoting.quoted(file.path))
    guard quoted == (oldPath, file.path) else { return "\(quoted.0) => \(quoted.1)" }
    let old = Array(oldPath.utf8)
    let new = Array(file.path.utf8)
    let slash = UInt8(ascii: "/")
    var prefix = 0
    for (index, (one, two)) in zip(old, new).enumerated() {
      if one != two { break }
      if one == slash { prefix = index + 1 }
    }
    // The slash that ends the prefix may also start the suffix, if a rename adds or removes a folder between them.
    let floor = prefix > 0 ? prefix - 1 : 0
    var suffix = 0
    var (one, two) = (old.count, new.count)
    while one > floor, two > floor, old[one - 1] == new[two - 1] {
      one -= 1
      two -= 1
      if old[one] == slash { suffix = old.count - one }
    }
    func middle(_ path: [UInt8]) -> String { path[prefix..<max(prefix, path.count - suffix)].text }
    let renamed = "\(middle(old)) => \(middle(new))"
    guard prefix + suffix > 0 else { return renamed }
    return old[..<prefix].text + "{" + renamed + "}" + old[(old.count - suffix)...].text
  }
}

/// One file's line in a diffstat: how much the file changed.
public struct FileStat: Hashable, Sendable {
  /// The file's path after the change; for a deleted file, before it.
  public var path: String
  /// The path before the change, for a rename or copy.
  public var oldPath: String?
  /// The kind of change: added, modified, renamed and so on.
  public var status: FileStatus
  /// Lines added; for a binary file, its size in bytes after the change.
  public var added: Int
  /// Lines deleted; for a binary file, its size in bytes before the change.
  public var deleted: Int
  /// Whether the file is binary. If so, the counts are bytes, not lines.
  public var binary: Bool
  /// The mode before the change, nil for a new file.
  public var oldMode: FileMode?
  /// The mode after the change, nil for a deleted file.
  public var mode: FileMode?
  /// The similarity of the two files of a rename or copy, in percent.
  public var similarity: Int?

  /// The statistics of one file.
  public init(
    path: String, oldPath: String? = nil, status: FileStatus, added: Int, deleted: Int, binary: Bool = false,
    oldMode: FileMode?, mode: FileMode?, similarity: Int? = nil
  ) {
    self.path = path
    self.oldPath = oldPath
    self.status = status
    self.added = added
    self.deleted = deleted
    self.binary = binary
    self.oldMode = oldMode
    self.mode = mode
    self.similarity = similarity
  }
}

extension FileStat {
  /// The statistics of a parsed diff. A binary file counts as 0 bytes, since not every patch states its size.
  public init(_ diff: FileDiff) {
    let lines = diff.hunks.lazy.flatMap(\.lines)
    self.init(
      path: diff.path, oldPath: diff.status == .renamed || diff.status == .copied ? diff.oldPath : nil,
      status: diff.status, added: lines.count { $0.kind == .added }, deleted: lines.count { $0.kind == .removed },
      binary: diff.binary, oldMode: diff.oldMode, mode: diff.status == .deleted ? nil : diff.newMode ?? diff.oldMode,
      similarity: diff.similarity)
  }
}
