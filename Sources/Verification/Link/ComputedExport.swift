import CSource

/// An export whose symbol no file names: `EXPORT_SYMBOL(param_set_##name)`, `EXPORT_SYMBOL_GPL(DOMAIN_NS(map_pages))`.
struct ComputedExport: Hashable, Sendable, Codable {
  var file: String
  /// The parts of the name that are written out there; never empty.
  var words: [String]

  /// Whether the name it forms may be `symbol`.
  func mayBe(_ symbol: String) -> Bool { words.allSatisfy { symbol.contains($0) } }

  /// The computed exports of a file.
  ///
  /// An argument that is a single word is the symbol, or the parameter of a macro whose use names the symbol. If the
  /// file defines a macro of that name, the macro forms the symbol.
  static func found(in path: String, _ source: [UInt8]) -> [ComputedExport] {
    var found: Set<[String]> = []
    var position = 0
    var macros: [String: ArraySlice<UInt8>]?
    while let call = nextExport(in: source, from: &position) {
      let argument = firstArgument(in: source, after: call)
      guard !argument.isEmpty else { continue }
      var words: [String]
      if argument.allSatisfy(\.isIdentifierPart) {
        macros = macros ?? plainMacros(in: source)
        guard let body = macros?[String(decoding: argument, as: UTF8.self)] else { continue }
        // A macro in capitals stands for something else.
        words = writtenWords(body).filter { $0.contains(where: \.isLowercase) }
      } else {
        let parameters = macroParameters(around: call, in: source)
        words = writtenWords(argument).filter { !parameters.contains($0) }
      }
      if !words.isEmpty { found.insert(words) }
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }.map { ComputedExport(file: path, words: $0) }
  }

  /// The bodies of the macros without parameters that a file defines, on one line each.
  private static func plainMacros(in source: [UInt8]) -> [String: ArraySlice<UInt8>] {
    var macros: [String: ArraySlice<UInt8>] = [:]
    for position in WordPositions.of("define", in: source) {
      let line = source[(position + 6)...].prefix { $0 != UInt8(ascii: "\n") }
      let rest = line.drop { $0.isBlank }
      let name = rest.prefix(while: \.isIdentifierPart)
      let body = rest.dropFirst(name.count)
      if !name.isEmpty, body.first?.isBlank == true { macros[String(decoding: name, as: UTF8.self)] = body }
    }
    return macros
  }

  /// The offset of the next opening parenthesis after a word that contains EXPORT.
  private static func nextExport(in source: [UInt8], from position: inout Int) -> Int? {
    let mark = Array("EXPORT".utf8)
    while position + mark.count < source.count {
      guard source[position] == mark[0], source[position..<position + mark.count].elementsEqual(mark) else {
        position += 1
        continue
      }
      position += mark.count
      while position < source.count, source[position].isIdentifierPart { position += 1 }
      if position < source.count, source[position] == UInt8(ascii: "(") { return position }
    }
    return nil
  }

  private static func firstArgument(in source: [UInt8], after open: Int) -> ArraySlice<UInt8> {
    var depth = 0
    // No argument is this long, but a parenthesis in a comment may never be closed.
    let limit = min(source.count, open + 400)
    for index in open + 1..<max(limit, open + 1) {
      switch source[index] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")") where depth == 0, UInt8(ascii: ",") where depth == 0:
        return source[(open + 1)..<index].trimmed
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "{"): return []
      default: break
      }
    }
    return []
  }

  /// The identifiers that are parts of the name: neither called macros nor the parameters of an assembler macro.
  private static func writtenWords(_ argument: ArraySlice<UInt8>) -> [String] {
    var words: [String] = []
    var index = argument.startIndex
    while index < argument.endIndex {
      guard argument[index].isIdentifierPart else {
        index += 1
        continue
      }
      let end = argument[index...].firstIndex { !$0.isIdentifierPart } ?? argument.endIndex
      let isCall = argument[end...].first { !$0.isBlank } == UInt8(ascii: "(")
      let isAssemblers = index > argument.startIndex && argument[index - 1] == UInt8(ascii: "\\")
      if !isCall, !isAssemblers { words.append(String(decoding: argument[index..<end], as: UTF8.self)) }
      index = end
    }
    return words
  }

  /// The parameters of the `#define` that an offset lies in; empty outside of one.
  private static func macroParameters(around offset: Int, in source: [UInt8]) -> Set<String> {
    func lineStart(_ offset: Int) -> Int { (source[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1 }
    var start = lineStart(offset)
    while start >= 2, source[start - 2] == UInt8(ascii: "\\") { start = lineStart(start - 1) }
    let line = String(decoding: source[start..<offset], as: UTF8.self)
    guard let match = line.prefixMatch(of: #/\s*#\s*define\s+\w+\(([^)]*)\)/#) else { return [] }
    return Set(match.1.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }
}

extension UInt8 {
  /// A space, a tab, a newline or the backslash that continues a line.
  fileprivate var isBlank: Bool {
    [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\\")].contains(self)
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmed: Self {
    let start = firstIndex { !$0.isBlank } ?? endIndex
    let end = lastIndex { !$0.isBlank } ?? start
    return start < endIndex ? self[start...end] : []
  }
}
