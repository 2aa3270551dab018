import CSource
import Diagnostics

/// Finds the line of a source that a problem with a symbol is about.
struct SymbolPlace<World: LinkWorld>: Sendable {
  let world: World

  /// The first line of a source that uses the symbol, else that names it. When only a header names it, the place is the
  /// whole file and a note says which header.
  func reference(to symbol: String, in source: String) async throws(Failure) -> (place: Place, notes: [String]) {
    if let line = line(of: symbol, in: source) { return (Place(source, line: line), []) }
    for header in try await world.files(naming: symbol) where header.hasSuffix(".h") {
      guard let bytes = world.contents(of: header) else { continue }
      let mentions = SymbolMentions(of: symbol, in: header, bytes)
      guard mentions.use != nil || !mentions.users.isEmpty else { continue }
      let line = mentions.use ?? line(of: symbol, in: header) ?? 1
      return (Place(source), ["\(header):\(line) names it"])
    }
    return (Place(source), [])
  }

  /// The line of the `EXPORT_SYMBOL` of a symbol; the whole file when a macro forms its name.
  func export(of symbol: String, in source: String) -> Place {
    guard let bytes = world.contents(of: source) else { return Place(source) }
    let lines = WordPositions.of(symbol, in: bytes).filter { position in
      let start = bytes[..<position].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return SymbolMentions.isExport(String(decoding: bytes[start..<position], as: UTF8.self))
    }.map { WordPositions.line(of: $0, in: bytes) }
    return Place(source, line: lines.first)
  }

  /// The line of a symbol's definition, else of its first mention.
  func definition(of symbol: String, in source: String) -> Place {
    guard let bytes = world.contents(of: source) else { return Place(source) }
    let place = SourceFile(path: source, bytes: bytes).place(of: symbol)
    return Place(source, line: place.line ?? line(of: symbol, in: source))
  }

  private func line(of symbol: String, in path: String) -> Int? {
    guard let bytes = world.contents(of: path) else { return nil }
    if let use = SymbolMentions(of: symbol, in: path, bytes).use { return use }
    let file = SourceFile(path: path, bytes: bytes)
    // An included header may have the symbol's name.
    let includes = file.directives.filter { $0.name == "include" }
    let first = file.tokens.first { token in
      token.kind == .identifier && file.text(token) == symbol
        && !includes.contains { ($0.start..<$0.end).contains(token.start) }
    }
    return first.flatMap { file.place($0.start).line }
  }
}
