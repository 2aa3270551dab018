import CSource

/// The functions that a header declares, each with the `#if` branches it stands in, for the stub rules.
struct StubHeader: Sendable {
  struct Declaration: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case prototype
      /// A function with a body.
      case inline
      case macro
    }

    var name: String
    var kind: Kind
    /// What it returns.
    var type: CType
    /// Empty for `(void)`.
    var parameters: [CType]
    var line: Int
    /// The branches it stands in, outermost first.
    var branches: [Branch]
  }

  /// A type without storage classes, attributes and names, so that two spellings of it are equal.
  struct CType: Hashable, Sendable {
    var words: [String]
    var text: String

    static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words) }

    /// The same without any `const`.
    var plain: [String] { words.filter { $0 != "const" } }
  }

  /// One arm of an `#if`, `#elif`, `#else` chain.
  struct Branch: Hashable, Sendable {
    /// The number of the chain in the file.
    var chain: Int
    /// 0 for what follows the `#if`.
    var arm: Int
  }

  /// An `#if` with all its arms.
  struct Chain: Hashable, Sendable {
    /// The directive that starts it: "ifdef CONFIG_IOMMU_API".
    var condition: String
    var arms = 1
    var hasElse = false

    /// The configuration symbols it depends on.
    var symbols: [String] {
      condition.utf8.split { !$0.isIdentifierPart }.map { String(decoding: $0, as: UTF8.self) }
        .filter { $0.hasPrefix("CONFIG_") }
    }

    /// The condition under which an arm is not taken: "!CONFIG_IOMMU_API".
    func absence(of arm: Int) -> String {
      let isNegative = condition.hasPrefix("ifndef ") || condition.hasPrefix("if !")
      guard symbols.count == 1, let symbol = symbols.first else {
        // Directives keep their tokens one space apart.
        let condition = condition.replacing(" ( ", with: "(").replacing(" )", with: ")")
        return arm == 0 ? "the #else of #\(condition)" : "#\(condition)"
      }
      return isNegative == (arm == 0) ? symbol : "!\(symbol)"
    }
  }

  let declarations: [Declaration]
  let chains: [Chain]

  init(_ source: [UInt8]) {
    var parser = Parser()
    for token in OutlineToken.tokens(of: source) { parser.take(token) }
    declarations = parser.declarations
    chains = parser.chains
  }
}

extension StubHeader {
  private struct Parser {
    var declarations: [Declaration] = []
    var chains: [Chain] = []
    private var branches: [Branch] = []
    private var current: [OutlineToken] = []
    private var depth = 0
    /// How many `#if` are open inside the current declaration.
    private var inner = 0

    mutating func take(_ token: OutlineToken) {
      if token.kind == .directive { return directive(token) }
      current.append(token)
      switch token.text {
      case "{", "(", "[": depth += 1
      case "}", ")", "]":
        depth = max(0, depth - 1)
        // The members of a type are not functions of the header.
        if depth == 0, token.text == "}", !isType { finish() }
      case ";" where depth == 0: finish()
      default: break
      }
    }

    /// Whether the current braces belong to a struct, an initialiser or the like, which a semicolon ends.
    private var isType: Bool {
      let head = current.prefix { $0.text != "{" }
      return !head.contains { $0.text == "(" } || head.contains { $0.text == "=" }
    }

    private mutating func finish() {
      if let declaration = StubHeader.declaration(current, branches) { declarations.append(declaration) }
      reset()
    }

    private mutating func reset() {
      current.removeAll(keepingCapacity: true)
      (depth, inner) = (0, 0)
    }

    private mutating func directive(_ token: OutlineToken) {
      let word = token.text.prefix { $0.isLetter }
      let opens = ["if", "ifdef", "ifndef"].contains(word)
      if !current.isEmpty, depth > 0 || opens {
        // A body may have branches of its own; an `#endif` without an `#if` inside it ends a branch around it.
        if opens { inner += 1 }
        if word == "endif" { inner -= 1 }
        if inner > 0 || word == "endif" && inner == 0 || !["else", "elif", "endif"].contains(word) { return }
      }
      if !current.isEmpty { reset() }
      switch word {
      case "if", "ifdef", "ifndef":
        branches.append(Branch(chain: chains.count, arm: 0))
        chains.append(Chain(condition: token.text))
      case "else", "elif":
        guard let last = branches.indices.last else { return }
        branches[last].arm += 1
        chains[branches[last].chain].arms += 1
        if word == "else" { chains[branches[last].chain].hasElse = true }
      case "endif": _ = branches.popLast()
      case "define":
        let name = token.text.dropFirst("define ".count).prefix { $0.utf8.allSatisfy(\.isIdentifierPart) }
        declarations.append(
          Declaration(
            name: String(name), kind: .macro, type: CType(words: [], text: ""), parameters: [], line: token.line,
            branches: branches))
      default: break
      }
    }
  }
}
