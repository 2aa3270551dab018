import CSource

extension StubHeader {
  /// The function that the tokens declare; nil when they declare none.
  static func declaration(_ tokens: [OutlineToken], _ branches: [Branch]) -> Declaration? {
    guard let first = tokens.first, first.text != "typedef", let name = functionName(tokens),
      let close = closing(name + 1, tokens)
    else { return nil }
    let type = meaningful(tokens[..<name])
    guard !type.isEmpty, !type.contains("=") else { return nil }
    let parameters = tokens[(name + 2)..<close].split { $0.text == "," }
    return Declaration(
      name: tokens[name].text, kind: tokens.last?.text == "}" ? .inline : .prototype, type: named(type),
      parameters: merged(parameters).map(parameterType).filter { $0.words != ["void"] }, line: tokens[name].line,
      branches: branches)
  }

  /// The index of the name before the parameters: the first such name that is not an attribute, if a type precedes it.
  private static func functionName(_ tokens: [OutlineToken]) -> Int? {
    var index = 0
    while index + 1 < tokens.count {
      let token = tokens[index]
      if token.text == "{" || token.text == "=" { return nil }
      guard tokens[index + 1].text == "(" else {
        index += 1
        continue
      }
      guard let close = closing(index + 1, tokens) else { return nil }
      let isAttribute = isAttribute(token.text) || token.text == "typeof" || token.text == "__typeof__"
      if token.kind == .word, !isAttribute, !OutlineToken.keywords.contains(token.text) {
        return meaningful(tokens[..<index]).isEmpty ? nil : index
      }
      index = close + 1
    }
    return nil
  }

  private static func closing(_ open: Int, _ tokens: [OutlineToken]) -> Int? {
    var depth = 0
    for index in open..<tokens.count {
      if tokens[index].text == "(" { depth += 1 }
      if tokens[index].text == ")" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// Rejoins parameters that were split at commas inside their parentheses.
  private static func merged(_ parts: [ArraySlice<OutlineToken>]) -> [[OutlineToken]] {
    var result: [[OutlineToken]] = []
    var depth = 0
    for part in parts {
      if depth > 0, !result.isEmpty { result[result.count - 1] += part } else { result.append(Array(part)) }
      for token in part {
        if token.text == "(" { depth += 1 }
        if token.text == ")" { depth -= 1 }
      }
    }
    return result
  }

  /// A parameter's tokens without its name; an array is a pointer.
  private static func parameterType(_ tokens: [OutlineToken]) -> CType {
    var words = meaningful(tokens[...])
    if let star = words.indices.first(where: { words[$0] == "(" && $0 + 1 < words.count && words[$0 + 1] == "*" }) {
      // In `int (*fn)(int x)` the name follows the star; the parameters of `fn` itself do not count.
      return named(words[...star] + ["*", ")"])
    }
    var isArray = false
    if let bracket = words.firstIndex(of: "[") {
      words.removeSubrange(bracket...)
      isArray = true
    }
    let names = words.indices.filter {
      words[$0].utf8.allSatisfy(\.isIdentifierPart) && !qualifiers.contains(words[$0])
    }
    if let last = names.last, last == words.count - 1, names.count > 1, !OutlineToken.keywords.contains(words[last]),
      !["struct", "union", "enum"].contains(words[last - 1])
    {
      words.removeLast()
    }
    return named(words + (isArray ? ["*"] : []))
  }

  private static func named(_ words: [String]) -> CType {
    CType(words: canonical(words), text: words.joined(separator: " ").replacing("* *", with: "**"))
  }

  private static func canonical(_ words: [String]) -> [String] {
    var words = words.map { types.contains($0) && $0.count < 6 ? String($0.dropFirst(2)) : $0 }
    // `long unsigned int` is `unsigned long`, `unsigned` is `unsigned int`.
    if words.contains("long") || words.contains("short") { words.removeAll { $0 == "int" } }
    if let index = words.firstIndex(of: "unsigned"),
      !["int", "long", "short", "char"].contains(where: words.contains)
    {
      words.insert("int", at: index + 1)
    }
    // The order of the words before the first star does not matter: `const char *`, `char const *`.
    let head = words.prefix { $0 != "*" }
    return head.sorted() + words[head.endIndex...]
  }

  private static let qualifiers: Set<String> = [
    "const", "volatile", "struct", "union", "enum", "restrict", "__restrict",
  ]

  /// The tokens that matter to a type, without storage classes and attributes.
  private static func meaningful(_ tokens: ArraySlice<OutlineToken>) -> [String] {
    var words: [String] = []
    var index = tokens.startIndex
    while index < tokens.endIndex {
      let token = tokens[index]
      if token.kind == .directive || storage.contains(token.text) || token.text.hasSuffix("_inline") {
        index += 1
      } else if isAttribute(token.text) {
        index += 1
        guard index < tokens.endIndex, tokens[index].text == "(" else { continue }
        index = (closing(index, Array(tokens.prefix(upTo: tokens.endIndex))) ?? index) + 1
      } else {
        words.append(token.text)
        index += 1
      }
    }
    return words
  }

  private static let storage: Set<String> = [
    "extern", "static", "inline", "__inline", "__inline__", "__always_inline", "noinline", "asmlinkage", "noinstr",
    "notrace", "_Noreturn", "register",
  ]

  /// Whether a word is an attribute. Attributes start with underscores, but so do types such as `__be32`.
  private static func isAttribute(_ word: String) -> Bool {
    guard word.hasPrefix("__") else { return false }
    if word.hasPrefix("__kernel_") || word.hasPrefix("__typeof") || word.hasPrefix("__builtin_") { return false }
    return !types.contains(word)
  }

  private static let types: Set<String> = [
    "__u8", "__u16", "__u32", "__u64", "__u128", "__s8", "__s16", "__s32", "__s64", "__be16", "__be32", "__be64",
    "__le16", "__le32", "__le64", "__poll_t", "__sum16", "__wsum", "__int128", "__virtio16", "__virtio32", "__virtio64",
  ]
}
