import Diagnostics

/// The lines between two directives of a conditional: what `#if`, `#elif` or `#else` keeps or drops.
public struct ConditionalBranch: Hashable, Sendable {
  /// The line of the directive that begins the branch, one-based.
  public var directive: Int
  /// The lines that the branch keeps or drops; the directives around them are not among them.
  public var lines: Range<Int>
  /// The directive's text; for `#else` and `#elif` with that of the `#if`: "#else of #ifdef CONFIG_PM".
  public var condition: String
  /// The configuration options that keep the branch when they are set (true) or unset (false), those of the branches
  /// around it included; nil where the conditions are about anything else.
  public var options: [String: Bool]?

  /// The branches of a file in the order in which they begin. A header's include guard does not count.
  public static func branches(of file: SourceFile) -> [ConditionalBranch] {
    var reader = Reader(file: file)
    for (index, directive) in file.directives.enumerated() { reader.read(directive, index) }
    return reader.finished.sorted { $0.directive < $1.directive }
  }

  /// The innermost branch that holds a line; nil for a line that is always kept.
  public static func innermost(at line: Int, among branches: [ConditionalBranch]) -> ConditionalBranch? {
    branches.last { $0.lines.contains(line) }
  }

  private struct Reader {
    let file: SourceFile
    var finished: [ConditionalBranch] = []
    private var open: [Open] = []

    init(file: SourceFile) { self.file = file }

    /// A conditional under way.
    private struct Open {
      var isGuard: Bool
      var first: String
      var branch: ConditionalBranch
      /// The options that keep nothing of the branches so far; nil where that cannot be told.
      var otherwise: [String: Bool]?
      /// The options of the conditionals around it.
      var around: [String: Bool]?
    }

    mutating func read(_ directive: Directive, _ index: Int) {
      let name = directive.name
      guard ["if", "ifdef", "ifndef", "elif", "else", "endif"].contains(name) else { return }
      let (line, next) = (
        file.place(directive.start).line ?? 0, (file.place(max(directive.start, directive.end - 1)).line ?? 0) + 1
      )
      let words = directive.tokens.dropFirst().map { file.text(file.tokens[$0]) }.filter { $0 != "#" && $0 != name }
      let text = "#" + ([name] + words).joined(separator: " ")
      switch name {
      case "if", "ifdef", "ifndef":
        let around = open.last.map { $0.isGuard ? $0.around : $0.branch.options } ?? [:]
        let condition = Condition(name, words)
        open.append(
          Open(
            isGuard: isGuard(directive, index, words), first: text,
            branch: ConditionalBranch(
              directive: line, lines: next..<next, condition: text, options: Condition.joined(around, condition.holds)),
            otherwise: condition.fails, around: around))
      case "elif", "else":
        guard var last = open.popLast() else { return }
        close(&last, before: line)
        let condition = Condition(name, words)
        let own = name == "else" ? last.otherwise : Condition.joined(last.otherwise, condition.holds)
        last.branch = ConditionalBranch(
          directive: line, lines: next..<next, condition: "\(text) of \(last.first)",
          options: Condition.joined(last.around, own))
        last.otherwise = Condition.joined(last.otherwise, condition.fails)
        open.append(last)
      default:
        guard var last = open.popLast() else { return }
        close(&last, before: line)
      }
    }

    private mutating func close(_ open: inout Open, before line: Int) {
      open.branch.lines = open.branch.lines.lowerBound..<max(open.branch.lines.lowerBound, line)
      if !open.isGuard { finished.append(open.branch) }
    }

    /// Whether a conditional is the guard around a whole header: the first one, on a name that is defined at once.
    private func isGuard(_ directive: Directive, _ index: Int, _ words: [String]) -> Bool {
      guard directive.name == "ifndef", index == 0, file.path.hasSuffix(".h"), let name = words.first,
        !name.hasPrefix("CONFIG_"),
        file.directives.indices.contains(index + 1)
      else { return false }
      return file.directives[index + 1].name == "define" && file.macroName(file.directives[index + 1]) == name
    }
  }
}

/// What a directive asks of the configuration.
private struct Condition {
  /// The options with which it holds; nil where that cannot be told.
  var holds: [String: Bool]?
  /// The options with which it does not.
  var fails: [String: Bool]?

  init(holds: [String: Bool]? = nil, fails: [String: Bool]? = nil) {
    (self.holds, self.fails) = (holds, fails)
  }

  init(_ name: String, _ words: [String]) {
    switch name {
    case "ifdef": self = Self.option(words.first, isSet: true)
    case "ifndef": self = Self.option(words.first, isSet: false)
    case "if", "elif": self = Self.expression(words[...])
    default: self.init(holds: [:])
    }
  }

  private static func option(_ name: String?, isSet: Bool) -> Condition {
    guard let name, name.hasPrefix("CONFIG_") else { return Condition() }
    return Condition(holds: [name: isSet], fails: [name: !isSet])
  }

  /// Reads `A && B`, `A || B` and what `defined()` and `IS_ENABLED()` ask; anything else cannot be told.
  private static func expression(_ words: ArraySlice<String>) -> Condition {
    for (operation, isAnd) in [("||", false), ("&&", true)] {
      let parts = words.split(separator: operation)
      guard parts.count > 1 else { continue }
      let conditions = parts.map { expression($0) }
      let holds = conditions.map(\.holds)
      let fails = conditions.map(\.fails)
      func all(_ sides: [[String: Bool]?]) -> [String: Bool]? { sides.dropFirst().reduce(sides[0]) { joined($0, $1) } }
      return isAnd ? Condition(holds: all(holds), fails: fails[0]) : Condition(holds: holds[0], fails: all(fails))
    }
    let isNegated = words.first == "!"
    let rest = isNegated ? words.dropFirst() : words
    guard let first = rest.first, ["defined", "IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE"].contains(first) else {
      return Condition()
    }
    let names = rest.dropFirst().filter { $0 != "(" && $0 != ")" }
    return names.count == 1 ? option(names.first, isSet: !isNegated) : Condition()
  }

  /// The options that satisfy both; nil if they conflict or either is unknown.
  static func joined(_ first: [String: Bool]?, _ second: [String: Bool]?) -> [String: Bool]? {
    guard let first, let second else { return nil }
    guard first.allSatisfy({ second[$0.key] ?? $0.value == $0.value }) else { return nil }
    return first.merging(second) { $1 }
  }
}
