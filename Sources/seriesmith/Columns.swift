/// Text in columns, for people.
enum Columns {
  /// Rows of left-aligned columns, two spaces apart.
  static func aligned(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in
        index + 1 < row.count ? cell + String(repeating: " ", count: widths[index] - cell.count) : cell
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
