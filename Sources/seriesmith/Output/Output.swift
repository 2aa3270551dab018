import Diagnostics
import Foundation

/// Writes a command's results.
enum Output {
  /// Writes a file all or nothing; `-` is standard output.
  static func write(_ data: Data, to path: String) throws(Failure) {
    if path == "-" {
      FileHandle.standardOutput.write(data)
      return
    }
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw Failure(.unavailable, at: Place(path), "cannot be written", notes: [error.localizedDescription])
    }
  }
}

/// Lays out text in columns, for people.
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

  /// A name and its explanation for a help text: two columns, the second starting at `indent` and wrapped at 79.
  static func entry(_ name: String, _ text: String, indent: Int) -> String {
    var lines = ["  " + name]
    if name.count + 3 > indent { lines.append("") }
    lines[lines.count - 1] += String(repeating: " ", count: indent - 1 - lines[lines.count - 1].count)
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + 1 + word.count > 79 { lines.append(String(repeating: " ", count: indent - 1)) }
      lines[lines.count - 1] += " " + word
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
