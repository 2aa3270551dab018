import CSource
import Diagnostics

/// Finds the sources that a file gets into by `#include`.
struct Includers<World: LinkWorld>: Sendable {
  let world: World

  /// The `.c` and `.S` files that include a file, directly or by way of others.
  ///
  /// Only files whose name is rare in the tree are asked about: code that defines symbols, not the headers everybody
  /// includes. So the search ends where a level has too many.
  func sources(including file: String) async throws(Failure) -> Set<String> {
    var found: Set<String> = []
    var seen: Set<String> = [file]
    var level = [file]
    for _ in 0..<4 {
      var next: [String] = []
      for included in level {
        for path in try await includers(of: included) where seen.insert(path).inserted {
          if path.hasSuffix(".c") || path.hasSuffix(".S") { found.insert(path) }
          next.append(path)
        }
      }
      if next.isEmpty || next.count > 64 { break }
      level = next
    }
    return found
  }

  private func includers(of file: String) async throws(Failure) -> [String] {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    // A word of the name: what it is looked up by.
    let words = name.utf8.split { !$0.isIdentifierPart }.map { String(decoding: $0, as: UTF8.self) }
    guard let word = words.max(by: { $0.count < $1.count }) else { return [] }
    let quoted = "\(name)\"".utf8
    let pointed = "\(name)>".utf8
    return try await world.files(naming: word).filter { path in
      guard path != file, let bytes = world.contents(of: path) else { return false }
      return WordPositions.of(word, in: bytes).contains { position in
        let line = Self.line(around: position, in: bytes)
        guard line.first(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "#"),
          let target = Self.target(of: line)
        else { return false }
        return (line.ends(with: quoted) || line.ends(with: pointed)) && Self.isPath(target, file, from: path)
      }
    }
  }

  private static func line(around position: Int, in bytes: [UInt8]) -> ArraySlice<UInt8> {
    let start = bytes[..<position].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let line = bytes[start..<end]
    let last = line.lastIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ">") }
    return last.map { line[...$0] } ?? line
  }

  /// What stands between the quotes or angle brackets.
  private static func target(of line: ArraySlice<UInt8>) -> String? {
    guard let open = line.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "<") }) else { return nil }
    return String(decoding: line[(open + 1)...].dropLast(), as: UTF8.self)
  }

  /// Whether an included name may be the file: beside the one that includes it, or somewhere on the search path.
  private static func isPath(_ target: String, _ file: String, from path: String) -> Bool {
    let parts = target.split(separator: "/").filter { $0 != "." && $0 != ".." }
    return "/\(file)".hasSuffix("/" + parts.joined(separator: "/"))
  }
}

extension ArraySlice<UInt8> {
  fileprivate func ends(with text: String.UTF8View) -> Bool { suffix(text.count).elementsEqual(text) }
}
