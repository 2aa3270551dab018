import CSource
import TreeIndex

/// Finds the sources of a state that mention what changed in its headers.
struct MentionSearch {
  let index: StateIndex
  let view: TreeView
  let headers: HeaderOutlines
  /// The changed headers and their includers: nothing else can see what changed, unless one of these includes it.
  let reach: Set<String>
  /// Sources that mention what changed.
  private(set) var sources: Set<String> = []
  /// Local headers that mention what changed.
  private(set) var localHeaders: Set<String> = []
  /// Headers for everyone that mention what changed.
  private(set) var touched: Set<String> = []
  /// Headers beyond `reach` that mention what changed: where a source includes a changed header before one of these, it
  /// reads it differently.
  private(set) var laterHeaders: Set<String> = []

  /// Those of `words` that are macros.
  private var macros: Set<String> = []
  /// Those of `words` that are more than members.
  private var names: Set<String> = []
  /// Words that turned out to be more than what they were searched for as.
  private var widened: Set<String> = []
  private var words: Set<String> = []
  private var layouts: Set<String> = []
  private var patterns: Set<PastePattern> = []
  /// Words passed to macros that mention what changed.
  private var arguments: Set<String> = []
  /// Names that patterns form; these are not searched for in pieces again.
  private var made: Set<String> = []

  init(index: StateIndex, view: TreeView, headers: HeaderOutlines, reach: Set<String>) {
    self.index = index
    self.view = view
    self.headers = headers
    self.reach = reach
  }

  mutating func add(_ change: HeaderChange) {
    words.formUnion(change.words)
    macros.formUnion(change.macros)
    names.formUnion(change.names)
    layouts.formUnion(change.layouts)
    patterns.formUnion(change.pasted)
  }

  /// Adds only what is more than types and prototypes.
  mutating func addCode(_ change: HeaderChange) {
    guard !change.codeWords.isEmpty else { return }
    words.formUnion(change.codeWords)
    names.formUnion(change.codeWords)
    macros.formUnion(change.macros)
    patterns.formUnion(change.pasted)
  }

  /// Follows the change from header to header until no new name turns up.
  ///
  /// - Returns: whether the search came to an end. If not, everything that can see the change counts as affected.
  mutating func follow() -> Bool {
    var (askedWords, askedLayouts): (Set<String>, Set<String>) = ([], [])
    while words.count < Self.limit, laterHeaders.count < Self.headerLimit, !Task.isCancelled {
      let (newWords, newLayouts) = (words.subtracting(askedWords), layouts.subtracting(askedLayouts))
      if newWords.isEmpty && newLayouts.isEmpty { return true }
      askedWords.formUnion(newWords)
      askedLayouts.formUnion(newLayouts)
      search(newWords, newLayouts)
      for pattern in patterns { made.formUnion(pattern.names(with: arguments)) }
      words.formUnion(made)
      names.formUnion(made)
      askedWords.subtract(widened)
      widened = []
    }
    return false
  }

  /// How many names make the search pointless: they no longer tell files apart.
  private static let limit = 5000
  /// How many headers beyond `reach` do: most sources include one of them.
  private static let headerLimit = 100

  private mutating func search(_ words: Set<String>, _ layouts: Set<String>) {
    let pieces = Dictionary(
      uniqueKeysWithValues: words.subtracting(made).map { ($0, PastedName.pieces(of: $0)) })
    let hits = index.paths(naming: pieces.values.reduce(words.union(layouts)) { $0.union($1) })
    var possible: [String: Search] = [:]
    for word in words {
      for path in hits[word] ?? [] {
        possible[path, default: Search()].words.insert(word)
        if macros.contains(word) { possible[path]?.macros.insert(word) }
        if !names.contains(word) { possible[path]?.members.insert(word) }
      }
      for piece in pieces[word] ?? [] {
        for path in hits[piece] ?? [] { possible[path, default: Search()].made.insert(word) }
      }
    }
    for layout in layouts {
      for path in hits[layout] ?? [] { possible[path, default: Search()].layouts.insert(layout) }
    }
    for (path, search) in possible {
      if !reach.contains(path) {
        guard !KernelPaths.isUnit(path), !laterHeaders.contains(path), laterHeaders.count < Self.headerLimit else {
          continue
        }
        if search.isMeant(in: headers.outline(of: path, in: view)) { laterHeaders.insert(path) }
      } else if UnitPlanner.isForEveryone(path) {
        for item in headers.outline(of: path, in: view).items where search.touches(item) {
          if search.mentions(item) { touched.insert(path) }
          touch(item)
        }
      } else if mentions(path, search) {
        if KernelPaths.isUnit(path) { sources.insert(path) } else { localHeaders.insert(path) }
      }
    }
  }

  /// Adds an item of a header that mentions what changed: it changes as well.
  private mutating func touch(_ item: Outline.Item) {
    switch item.kind {
    case .include, .other: break
    case .member: layouts.formUnion(item.owners)
    case .type: layouts.formUnion(item.names)
    case .macro, .function, .declaration, .enumerator:
      widened.formUnion(Set(item.names).subtracting(item.kind == .macro ? macros : names))
      words.formUnion(item.names)
      names.formUnion(item.names)
    }
    if item.kind == .macro { macros.formUnion(item.names) }
    let patterns = PastePattern.all(in: item)
    self.patterns.formUnion(patterns)
    if item.kind != .macro { arguments.formUnion(Search.arguments(of: words, in: item.tokens)) }
  }

  private func mentions(_ path: String, _ search: Search) -> Bool {
    guard let contents = view.contents(of: path) else { return false }
    let code = CodeWords.of(contents)
    if !code.isDisjoint(with: search.words) { return true }
    let layouts = code.intersection(search.layouts)
    if !layouts.isEmpty {
      if !code.isDisjoint(with: Search.assertions) { return true }
      let tokens = Outline(contents).items.filter { $0.kind != .include }.flatMap(\.tokens)
      if layouts.contains(where: { Search.holds($0, tokens) }) { return true }
    }
    return search.made.contains { PastedName.isMade($0, of: code) }
  }
}

/// What to look for in one file.
private struct Search {
  var words: Set<String> = []
  /// Those of `words` that are macros.
  var macros: Set<String> = []
  /// Those of `words` that are only members.
  var members: Set<String> = []
  /// Names that the file may form by pasting.
  var made: Set<String> = []
  var layouts: Set<String> = []

  /// Whether an item names what changed, or holds a type by value whose layout changed.
  func touches(_ item: Outline.Item) -> Bool {
    mentions(item) || holds(item)
  }

  /// Whether an item holds a type by value whose layout changed.
  private func holds(_ item: Outline.Item) -> Bool {
    let own = item.kind == .type ? item.names : item.owners
    // A member, or a variable, may have the name of its type.
    return layouts.subtracting(own).contains { Self.holds($0, item.tokens, tagged: item.names.contains($0)) }
  }

  /// Whether an item names what changed, or may form its name.
  func mentions(_ item: Outline.Item) -> Bool {
    let own = Set(item.names + item.owners).subtracting(macros)
    let texts = Set(item.tokens.lazy.filter(Self.isWord).map(String.init))
    return !words.subtracting(own).isDisjoint(with: texts) || mayMake(item, texts)
  }

  /// Whether a header that does not include what changed names it, and as what it is. Where a word is common, most
  /// mentions are members and parameters of the same name.
  func isMeant(in outline: Outline) -> Bool {
    guard !words.isEmpty || !layouts.isEmpty else { return false }
    let wanted = Set(words.map { $0[...] })
    return outline.items.contains { item in
      let tokens = item.tokens
      for (index, token) in tokens.enumerated() where wanted.contains(token) {
        let word = String(token)
        if macros.contains(word) { return true }
        let before = index > 0 ? tokens[index - 1] : ""
        let isMember = before == "." || before == "->"
        let isArgument = before == "," && index + 1 < tokens.count && tokens[index + 1] == ")"
        let isOwn = item.names.contains(word) || item.owners.contains(word)
        if members.contains(word) ? isMember || isArgument : !isMember && !isOwn { return true }
      }
      return !layouts.isEmpty && holds(item)
    }
  }

  /// Whether an item may form one of the names by pasting.
  private func mayMake(_ item: Outline.Item, _ texts: Set<String>) -> Bool {
    guard !made.isEmpty, item.kind == .macro || item.kind == .function || item.kind == .declaration else {
      return false
    }
    let patterns = PastePattern.all(in: item)
    return made.contains { name in
      patterns.contains { $0.matches(name) } || PastedName.isMade(name, of: texts)
    }
  }

  /// Whether a type is named other than behind a pointer, so that its size or the places of its members matter.
  ///
  /// - Parameter tagged: whether only what follows `struct`, `union` or `enum` is the type.
  static func holds(_ type: String, _ tokens: [Substring], tagged: Bool = false) -> Bool {
    for (index, token) in tokens.enumerated() where token == type {
      if tagged, index == 0 || !tags.contains(tokens[index - 1]) { continue }
      var next = index + 1
      while next < tokens.count, qualifiers.contains(tokens[next]) { next += 1 }
      // `struct a *`, and the forward declaration `struct a;`.
      if next < tokens.count, tokens[next] == "*" { continue }
      if index == 1, tags.contains(tokens[0]), next >= tokens.count || tokens[next] == ";" { continue }
      return true
    }
    return false
  }

  private static let qualifiers: Set<Substring> = ["const", "volatile", "__rcu", "__user", "__iomem", "__percpu"]
  private static let tags: Set<Substring> = ["struct", "union", "enum"]

  /// Macros that check sizes and places without naming the type again.
  static let assertions: Set<String> = [
    "BUILD_BUG_ON", "BUILD_BUG_ON_MSG", "BUILD_BUG_ON_ZERO", "BUILD_BUG", "compiletime_assert", "static_assert",
    "_Static_assert", "assert_member_alignment", "CACHELINE_ASSERT_GROUP_MEMBER", "CACHELINE_ASSERT_GROUP_SIZE",
  ]

  /// The words between the parentheses after any of `macros`.
  static func arguments(of macros: Set<String>, in tokens: [Substring]) -> Set<String> {
    var found: Set<String> = []
    var index = 0
    while index + 1 < tokens.count {
      defer { index += 1 }
      guard tokens[index + 1] == "(", macros.contains(String(tokens[index])) else { continue }
      var depth = 0
      for token in tokens[(index + 1)...] {
        if token == "(" { depth += 1 }
        if token == ")" { depth -= 1 }
        if depth == 0 { break }
        if token.utf8.allSatisfy(\.isIdentifierPart) { found.insert(String(token)) }
      }
    }
    return found
  }

  static func isWord(_ token: Substring) -> Bool { token.utf8.first?.isIdentifierPart ?? false }
}
