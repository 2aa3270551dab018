/// What a piece of C stands in, which decides what a whole piece is there.
enum Surroundings: Equatable {
  /// The file: declarations and definitions.
  case file
  /// A function's body or another block: statements.
  case block
  /// The braces of a struct or a union: declarations of members.
  case members
  /// The braces of an initialiser or an enum: entries with commas between them.
  case entries
  /// Parentheses or square brackets: parameters, arguments, a condition, an index.
  case brackets
  /// The body of a macro, outside any brackets in it: anything.
  case macro

  /// What one names, or writes, there.
  var pieces: String {
    switch self {
    case .file: "whole declarations or definitions"
    case .block, .macro: "whole statements"
    case .members: "whole members"
    case .entries: "whole entries"
    case .brackets: "a whole expression"
    }
  }
}

extension SourceFile {
  /// The innermost bracket that is open before a token, among the tokens of the same macro or outside all directives.
  func enclosingBracket(_ index: Int) -> Int? {
    var position = index - 1
    let first = index < tokens.count && tokens[index].inDirective ? directiveStart(index) : 0
    let inDirective = index < tokens.count && tokens[index].inDirective
    while position >= first {
      defer { position -= 1 }
      guard tokens[position].inDirective == inDirective, tokens[position].kind == .punctuator else { continue }
      switch bytes[tokens[position].start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): return position
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if let open = opening(position), open >= first { position = open }
      default: break
      }
    }
    return nil
  }

  /// For each token, what `enclosingBracket` finds.
  ///
  /// What an `#if` opens, its `#else` opens again: the last of them encloses what follows.
  func enclosingBrackets() -> [Int?] {
    var result: [Int?] = []
    var (code, macro): ([Int], [Int]) = ([], [])
    var saved: [[Int]] = []
    for (index, token) in tokens.enumerated() {
      if token.inDirective, isToken(index, "#"), let directive = directive(startingAt: index) {
        macro = []
        switch directive.name {
        // Deeper ones are not written by hand, and too many to keep.
        case "if", "ifdef", "ifndef": saved.append(code.count < Grammar.mostDepth ? code : [])
        case "else", "elif": code = saved.last ?? code
        case "endif": _ = saved.popLast()
        default: break
        }
      }
      result.append((token.inDirective ? macro : code).last)
      guard token.kind == .punctuator else { continue }
      switch bytes[token.start] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if token.inDirective { macro.append(index) } else { code.append(index) }
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if token.inDirective { _ = macro.popLast() } else { _ = code.popLast() }
      default: break
      }
    }
    return result
  }

  /// The `#` of the directive that a token is part of.
  private func directiveStart(_ index: Int) -> Int {
    directives.last { $0.tokens.lowerBound <= index }?.tokens.lowerBound ?? 0
  }

  func surroundings(of index: Int) -> Surroundings {
    guard let open = enclosingBracket(index) else {
      return index < tokens.count && tokens[index].inDirective ? .macro : .file
    }
    return isToken(open, "{") ? braces(at: open) : .brackets
  }

  /// What the braces that open at a token hold.
  private func braces(at open: Int) -> Surroundings {
    switch text(tokens[max(0, open - 1)]) {
    case "=", "]": return .entries
    case "else", "do", ";", "}", ":": return .block
    case "(":
      // `({` starts a statement expression.
      return .block
    case _ where tokens[open].inDirective && isToken(open + 1, ".") && isToken(open + 3, "="):
      // `#define ENTRY(x) { .get = x }`
      return .entries
    case "{", ",":
      // A block, or a row of an array.
      return surroundings(of: open) == .entries ? .entries : .block
    case ")":
      guard let start = opening(open - 1) else { return .block }
      // `(struct ops) {` is a literal, `f(void) {` is not.
      return start > 0 && tokens[start - 1].kind == .identifier && !isToken(start - 1, "return")
        || isToken(start - 1, ")")
        ? .block : .entries
    default:
      return declaredBraces(before: open)
    }
  }

  /// What braces after a word hold: those of `struct x {`, `enum x {` or `f(void) __init {`.
  private func declaredBraces(before open: Int) -> Surroundings {
    var position = open - 1
    while position >= 0, tokens[position].kind == .identifier || isToken(position, ")") {
      if isToken(position, "enum") { return .entries }
      if isToken(position, "struct") || isToken(position, "union") { return .members }
      if isToken(position, ")") {
        guard let start = opening(position), tokens[max(0, start - 1)].kind == .identifier else { return .block }
        position = start
      }
      position -= 1
    }
    return .block
  }

  /// The last token before `index` that is no part of a directive; in a macro, of another one.
  func previous(_ index: Int) -> Int? {
    var position = index - 1
    if index < tokens.count, tokens[index].inDirective {
      return position > directiveStart(index) ? position : nil
    }
    while position >= 0, tokens[position].inDirective { position -= 1 }
    return position >= 0 ? position : nil
  }

  /// Whether a whole piece can start at a token, after what stands before it.
  func startsPiece(_ index: Int, in surroundings: Surroundings) -> Bool {
    guard let before = previous(index) else { return true }
    if isToken(index, "else") { return false }
    switch surroundings {
    case .file: return isToken(before, ";") || isToken(before, "}") || isToken(before, ")")
    case .members: return isToken(before, ";") || isToken(before, "{")
    case .entries: return isToken(before, ",") || isToken(before, "{")
    case .block:
      if isToken(index, "while"), isToken(before, "}"), let open = opening(before), isToken(open - 1, "do") {
        return false
      }
      return isToken(before, ";") || isToken(before, "{") || isToken(before, "}") || endsLabel(before)
        || isBranch(index)
    case .macro: return true
    case .brackets: return false
    }
  }

  /// Whether the statement that starts at a token is the branch of an `if` or a loop, without braces.
  func isBranch(_ index: Int) -> Bool {
    guard let before = previous(index) else { return false }
    if isToken(before, "else") || isToken(before, "do") { return true }
    guard isToken(before, ")"), let open = opening(before) else { return false }
    return isToken(open, "(") && open > 0 && tokens[open - 1].kind == .identifier
      && !(tokens[index].inDirective && directive(startingAt: directiveStart(index))?.tokens.lowerBound == open - 3)
  }

  /// Whether a token is the colon of a label or a case.
  func endsLabel(_ index: Int) -> Bool {
    guard isToken(index, ":") else { return false }
    var position = index - 1
    while position >= 0, !isToken(position, ";"), !isToken(position, "{"), !isToken(position, "}") {
      if isToken(position, "?") { return false }
      if isToken(position, ")") || isToken(position, "]") { position = opening(position) ?? position }
      position -= 1
    }
    return true
  }
}
