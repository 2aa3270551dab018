/// Finds the names that a run of tokens declares.
extension OutlineToken {
  /// The kind of construct, judged by the tokens up to its first outermost brace.
  enum Shape: Hashable {
    case function
    /// A struct, union or enum with a body between these indices.
    case type(open: Int, close: Int)
    case plain
  }

  static func shape(of tokens: ArraySlice<OutlineToken>) -> Shape {
    var depth = 0
    var sawParenthesis = false
    var sawType = false
    for (index, token) in zip(tokens.indices, tokens) where token.kind != .directive {
      switch token.text {
      case "(", "[":
        if depth == 0 { sawParenthesis = true }
        depth += 1
      case ")", "]": depth -= 1
      case "=" where depth == 0: return .plain
      case "struct", "union", "enum": if !sawParenthesis { sawType = true }
      case "{" where depth == 0:
        if sawType, !sawParenthesis { return .type(open: index, close: closing(index, in: tokens)) }
        return .function
      default: break
      }
    }
    // The caller may pass only the tokens before a brace.
    if sawType, !sawParenthesis { return .plain }
    return sawParenthesis && tokens.last?.text != ";" ? .function : .plain
  }

  /// The names in a type's head and tail: its tag, and the declarators after its body.
  static func typeNames(_ tokens: [OutlineToken]) -> [String] {
    let words = tokens.filter { $0.kind == .word && !keywords.contains($0.text) && !attributes.contains($0.text) }
    return words.map(\.text)
  }

  /// The names introduced by a declaration, or by a definition without members.
  static func declaredNames(_ tokens: [OutlineToken]) -> [String] {
    var names: [String] = []
    var depth = 0
    for (index, token) in tokens.enumerated() where token.kind != .directive {
      switch token.text {
      case "{": return unique(names)
      case "=" where depth == 0: return unique(names)
      case "(", "[":
        if depth == 0, let pointer = pointerName(after: index, in: tokens) { names.append(pointer) }
        depth += 1
      case ")", "]": depth -= 1
      default:
        guard depth == 0, token.kind == .word, !keywords.contains(token.text), !attributes.contains(token.text) else {
          continue
        }
        let next = index + 1 < tokens.count ? tokens[index + 1].text : ";"
        if next == "(", token.isShouted {
          names += arguments(after: index + 1, in: tokens)
        } else if [";", ",", "=", "[", ":", "("].contains(next) {
          if next != "(" || pointerName(after: index + 1, in: tokens) == nil { names.append(token.text) }
        }
      }
    }
    return unique(names)
  }

  /// Nobody nests types deeper by hand.
  private static let mostNested = 32

  /// The names a member introduces, including those in nested types. Below `mostNested`, every word counts.
  static func memberNames(_ tokens: [OutlineToken], depth: Int = 0) -> [String] {
    guard depth < mostNested else { return unique(tokens.filter { $0.kind == .word }.map(\.text)) }
    guard case .type(let open, let close) = shape(of: tokens[...]) else {
      return declaredNames(tokens)
    }
    var names = typeNames(Array(tokens[..<open]) + Array(tokens[min(close + 1, tokens.count)...]))
    let separator = tokens.first?.text == "enum" ? "," : ";"
    var current: [OutlineToken] = []
    var brackets = 0
    for token in tokens[(open + 1)..<close] where token.kind != .directive {
      if brackets == 0, token.text == separator {
        names += memberNames(current, depth: depth + 1)
        current.removeAll()
        continue
      }
      current.append(token)
      if ["{", "(", "["].contains(token.text) { brackets += 1 }
      if ["}", ")", "]"].contains(token.text) { brackets -= 1 }
    }
    return unique(names + (current.isEmpty ? [] : memberNames(current, depth: depth + 1)))
  }

  private static func closing(_ open: Int, in tokens: ArraySlice<OutlineToken>) -> Int {
    var depth = 0
    for index in open..<tokens.endIndex where tokens[index].kind == .punctuation {
      if tokens[index].text == "{" { depth += 1 }
      if tokens[index].text == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    // Never closed: the body runs to the end.
    return tokens.endIndex
  }

  /// `name` of `(*name)`, given the index of the parenthesis.
  private static func pointerName(after open: Int, in tokens: [OutlineToken]) -> String? {
    guard tokens[open].text == "(" else { return nil }
    var index = open + 1
    guard index < tokens.count, tokens[index].text == "*" else { return nil }
    while index < tokens.count, tokens[index].text == "*" || keywords.contains(tokens[index].text) { index += 1 }
    return index < tokens.count && tokens[index].kind == .word ? tokens[index].text : nil
  }

  /// The identifiers between the parentheses of a macro call.
  private static func arguments(after open: Int, in tokens: [OutlineToken]) -> [String] {
    var names: [String] = []
    var depth = 0
    for token in tokens[open...] {
      if token.text == "(" { depth += 1 }
      if token.text == ")" { depth -= 1 }
      if depth == 0 { break }
      if token.kind == .word, !keywords.contains(token.text) { names.append(token.text) }
    }
    return names
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Whether the token is in capitals, as the kernel writes macros.
  private var isShouted: Bool {
    text.utf8.count > 2
      && text.utf8.allSatisfy { $0.isIdentifierPart && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
  }

  /// C's keywords in declarations, and the kernel's annotations that act like them.
  public static let keywords: Set<String> = [
    "auto", "bool", "char", "const", "double", "enum", "extern", "float", "inline", "int", "long", "register",
    "restrict", "short", "signed", "static", "struct", "typedef", "typeof", "union", "unsigned", "void", "volatile",
    "__always_inline", "__inline", "__iomem", "__percpu", "__rcu", "__user", "noinline", "asmlinkage", "_Bool",
  ]

  private static let attributes: Set<String> = [
    "__acquires", "__aligned", "__alloc_size", "__attribute__", "__cacheline_aligned", "__counted_by", "__exit",
    "__init", "__initdata", "__malloc", "__must_check", "__must_hold", "__packed", "__printf", "__pure", "__ref",
    "__releases", "__scanf", "__section", "__weak", "____cacheline_aligned", "____cacheline_aligned_in_smp",
    "__randomize_layout", "__no_sanitize_address", "__maybe_unused", "__deprecated",
  ]
}

extension Sequence where Element == OutlineToken {
  /// The tokens' text, one space apart.
  var joined: String { map(\.text).joined(separator: " ") }
}
