import Diagnostics

/// What a source says about a symbol: enough to choose the objects to inspect, which then decide.
public struct SymbolMentions: Hashable, Sendable {
  /// An `EXPORT_SYMBOL` of any kind names it.
  public var exports = false
  /// The source defines it by name with external linkage.
  public var defines = false
  /// The source defines it as static: other files that use this name mean another symbol.
  public var definesStatic = false
  /// A macro or the assembler may define it.
  public var mayDefine = false
  /// The first line, from 1, whose code uses it; nil if none does. Uses in macros count only in `users`.
  public var use: Int?
  /// The functions and macros whose bodies use it.
  public var users: Set<String> = []

  /// Looks for the symbol in code; comments do not count.
  public init(of symbol: String, in path: String, _ bytes: [UInt8]) {
    guard !WordPositions.of(symbol, in: bytes).isEmpty else { return }
    let file = SourceFile(path: path, bytes: bytes)
    if path.hasSuffix(".S") {
      readAssembler(symbol, file)
    } else {
      readC(symbol, file)
    }
  }

  /// Whether an `EXPORT_SYMBOL` of any kind names the symbol; much cheaper than a full analysis.
  public static func exports(_ symbol: String, in bytes: [UInt8]) -> Bool {
    WordPositions.of(symbol, in: bytes).contains { position in
      guard let open = bytes[..<position].lastIndex(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }),
        bytes[open] == UInt8(ascii: "(")
      else { return false }
      let start = bytes[..<open].lastIndex { !$0.isIdentifierPart }.map { $0 + 1 } ?? 0
      return isExport(String(decoding: bytes[start..<open], as: UTF8.self))
    }
  }

  /// Whether a full analysis might find a definition; much cheaper than the analysis.
  ///
  /// In kernel style, the line with a definition's name starts in the first column. Only assembler defines symbols on
  /// other lines.
  public static func mayProvide(_ symbol: String, in path: String, _ bytes: [UInt8]) -> Bool {
    let positions = WordPositions.of(symbol, in: bytes)
    if path.hasSuffix(".S") { return !positions.isEmpty }
    return positions.contains { position in
      let start = bytes[..<position].lastIndex(of: .newline).map { $0 + 1 } ?? 0
      if start == position || !bytes[start].isSpace && bytes[start] != UInt8(ascii: "#") { return true }
      let next = position + symbol.utf8.count
      if next < bytes.count, bytes[next] == UInt8(ascii: ":") { return true }
      return [".globl", ".global", ".set"].contains { mark in
        bytes[start..<position].split(separator: .space).contains {
          $0.suffix(mark.utf8.count).elementsEqual(mark.utf8)
        }
      }
    }
  }

  /// Whether a macro's name is that of an `EXPORT_SYMBOL` of some kind.
  public static func isExport(_ macro: String) -> Bool { macro.contains("EXPORT") }

  // MARK: Assembler

  /// A mention that is not a branch target may be a definition: assembler macros take names in any form.
  private mutating func readAssembler(_ symbol: String, _ file: SourceFile) {
    for index in file.tokens.indices where file.isIdentifier(index, symbol) {
      let before = index > 0 ? file.text(file.tokens[index - 1]) : ""
      let macro = index > 1 && before == "(" ? file.text(file.tokens[index - 2]) : ""
      if Self.isExport(macro) {
        exports = true
      } else if Self.branches.contains(before) || before.hasPrefix("b.") {
        noteUse(index, file)
      } else {
        mayDefine = true
      }
    }
  }

  private static let branches: Set<String> = [
    "call", "jmp", "je", "jne", "bl", "b", "blx", "bx", "beq", "bne", "brasl", "brcl", "jg", "jal", "j", "tail", "la",
    "lla", "larl", "adrp", "ldr", "quad", "long", "word",
  ]

  // MARK: C

  private mutating func readC(_ symbol: String, _ file: SourceFile) {
    let depths = file.braceDepths()
    var functions: [Function]?
    for index in file.tokens.indices {
      let token = file.tokens[index]
      if token.kind == .string {
        if file.defines(symbol, inAssembler: index) { mayDefine = true }
        continue
      }
      guard file.isIdentifier(index, symbol) else { continue }
      if token.inDirective {
        if let directive = file.directives.first(where: { $0.tokens.contains(index) }), directive.name == "define",
          directive.tokens.lowerBound + 2 < index
        {
          users.insert(file.text(file.tokens[directive.tokens.lowerBound + 2]))
        }
      } else if depths[index] > 0 {
        noteUse(index, file)
        functions = functions ?? file.functions()
        if let function = functions?.first(where: { $0.body.contains(index) }) { users.insert(function.name) }
      } else {
        readDeclaration(index, file, depths)
      }
    }
  }

  /// No real declaration has this many tokens before the name.
  private static let longestHead = 512

  /// Classifies a mention outside all braces.
  private mutating func readDeclaration(_ index: Int, _ file: SourceFile, _ depths: [Int]) {
    var start = index
    // The innermost parenthesis open at the mention.
    var opened: Int?
    var depth = 0
    while start > 0, depths[start - 1] == 0, !file.isToken(start - 1, ";"), !file.isToken(start - 1, "}") {
      start -= 1
      guard index - start < Self.longestHead else {
        mayDefine = true
        return
      }
      if file.isToken(start, ")") { depth += 1 }
      if file.isToken(start, "(") {
        if depth == 0, opened != nil { return noteUse(index, file) }
        if depth > 0 { depth -= 1 } else { opened = start }
      }
    }
    let head = (start..<index).map { file.text(file.tokens[$0]) }
    if ["struct", "union", "enum"].contains(head.last) || head.contains("typedef") { return }
    if let opened {
      guard opened > start else { return }
      let macro = file.text(file.tokens[opened - 1])
      if Self.isExport(macro) {
        exports = exports || opened + 1 == index
      } else if head.contains("=") {
        noteUse(index, file)
      } else if opened - 1 == start || macro.allSatisfy({ !$0.isLowercase }) {
        if file.endsArgument(index) {
          noteMacro(macro, isStatic: head.contains("static"))
        } else {
          noteUse(index, file)
        }
      }
      return
    }
    if head.contains("=") {
      noteUse(index, file)
    } else if file.definesSymbol(at: index), !head.contains("extern") || file.hasBody(index) {
      if head.contains("static") { definesStatic = true } else { defines = true }
    }
  }

  private mutating func noteUse(_ index: Int, _ file: SourceFile) {
    use = use ?? file.place(file.tokens[index].start).line
  }

  /// `DEFINE_MUTEX(x)` defines; `module_init(x)` and `MODULE_DEVICE_TABLE(of, x)` use what the file defines anyway.
  private mutating func noteMacro(_ macro: String, isStatic: Bool) {
    if macro.hasPrefix("MODULE_") || macro.contains("init") || macro.contains("DECLARE") { return }
    if isStatic { definesStatic = true } else { mayDefine = true }
  }
}

extension SourceFile {
  fileprivate func isIdentifier(_ index: Int, _ name: String) -> Bool {
    let token = tokens[index]
    return token.kind == .identifier && token.length == name.utf8.count
      && bytes[token.start..<token.end].elementsEqual(name.utf8)
  }

  /// Whether the tokens around a name outside all braces make it a function with a body or a variable.
  fileprivate func definesSymbol(at index: Int) -> Bool {
    if hasBody(index) { return true }
    if index > 0, tokens[index - 1].kind != .identifier, !isToken(index - 1, "*"), !isToken(index - 1, ")"),
      !isToken(index - 1, ","), !isToken(index - 1, "}")
    {
      return false
    }
    return ["=", ";", ",", "["].contains { (mark: StaticString) in isToken(index + 1, mark) }
      || index + 1 < tokens.count && tokens[index + 1].kind == .identifier
  }

  /// Whether a macro argument ends with this name, as an argument that names a new symbol does.
  fileprivate func endsArgument(_ index: Int) -> Bool {
    [",", ")", "["].contains { (mark: StaticString) in isToken(index + 1, mark) }
  }

  /// Whether a parameter list and a body follow, with or without attributes between them.
  fileprivate func hasBody(_ index: Int) -> Bool {
    guard isToken(index + 1, "("), var next = closing(index + 1) else { return false }
    while next + 1 < tokens.count {
      next += 1
      if isToken(next, "{") { return true }
      if isToken(next, "("), let close = closing(next) {
        next = close
      } else if tokens[next].kind != .identifier {
        return false
      }
    }
    return false
  }

  /// Whether a string in an `asm` statement defines the symbol as a label or declares it global.
  fileprivate func defines(_ symbol: String, inAssembler index: Int) -> Bool {
    let text = text(tokens[index])
    let marks = ["\(symbol):", ".globl \(symbol)", ".global \(symbol)", ".set \(symbol)"]
    guard text.contains(symbol), marks.contains(where: text.contains) else { return false }
    for before in tokens[..<index].indices.reversed().prefix(200) {
      if isToken(before, ";") || isToken(before, "{") || isToken(before, "}") { return false }
      if tokens[before].kind == .identifier, self.text(tokens[before]).contains("asm") { return true }
    }
    return false
  }
}
