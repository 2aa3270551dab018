/// Columns and tabs. Tab stops are 8 columns apart, as in the kernel.
enum CodeLayout {
  static let tab = 8
  /// The preferred line length, by Documentation/process/coding-style.rst.
  static let preferred = 80

  static func width(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.reduce(0) { column, byte in
      byte == .tab ? (column / tab + 1) * tab : column + 1
    }
  }

  /// White space from column 0 to `column`: tabs, then spaces.
  static func indentation(to column: Int) -> [UInt8] {
    Array(repeating: .tab, count: column / tab) + Array(repeating: .space, count: column % tab)
  }

  /// Tabs that lead from `column` to the tab stop `target`.
  static func tabs(from column: Int, to target: Int) -> [UInt8] {
    Array(repeating: .tab, count: max(0, (target + tab - 1) / tab - column / tab))
  }

  /// Whether no line of a text exceeds the preferred width.
  static func fits(_ text: String) -> Bool {
    text.split(separator: "\n").allSatisfy { width($0.utf8) <= preferred }
  }

  /// A parenthesised list after `head`: lines break at the preferred width and align with the opening parenthesis.
  static func list(head: String, _ items: [String], end: String) -> String {
    let margin = String(decoding: indentation(to: width(head.utf8)), as: UTF8.self)
    var lines = [head]
    for (index, item) in items.enumerated() {
      let piece = item + (index + 1 < items.count ? "," : end)
      let line = lines[lines.count - 1]
      if index == 0 {
        lines[lines.count - 1] += piece
      } else if width((line + " " + piece).utf8) <= preferred {
        lines[lines.count - 1] += " " + piece
      } else {
        lines.append(margin + piece)
      }
    }
    return lines.joined(separator: "\n") + (items.isEmpty ? end : "")
  }

  /// A statement on one line, or, if that is too wide, with the arguments of its first call broken as in `list`.
  static func statement(_ line: String) -> String {
    guard !fits(line) else { return line }
    let file = SourceFile(path: "", bytes: Array(line.utf8))
    guard let open = file.tokens.indices.first(where: { file.isToken($0, "(") }), let close = file.closing(open) else {
      return line
    }
    let arguments = file.arguments(open + 1..<close).map { file.text(file.offsets($0)) }
    return list(
      head: file.text(0..<file.tokens[open].end), arguments, end: file.text(file.tokens[close].start..<line.utf8.count))
  }
}
