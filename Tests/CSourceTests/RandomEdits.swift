import CSource
import GitBinary

/// Random edits of a source, some sensible and most not.
struct RandomEdits {
  let source: SourceFile
  var random: SplitMix

  /// An edit, what it says, and the function to which it is confined; nil if it may change any one function.
  struct Choice {
    var description: String
    var function: String?
    var edit: (SourceFile) throws -> SourceFile
  }

  private static let nasty = [
    "", "(", ")", "{", "}", "};", ";", ",", "/*", "*/", "//", "\"", "'", "\\", "#", "#if 1", "#endif", "#else", "##",
    "x",
    "x;", "int x;", "if (x)", "else", "else x = 1;", "do", "while (x);", "return", "return 0;", "x = ;", "x y;", "= 1",
    "label:", "case 1:", ".get = f,", "static", "*", "a ? b", "x = 1; y = 2;", "{ x = 1; }", "if (x) { y = 1; }", "-1",
    "a, b",
    "(int)x", "x++", "/* x */", "/* x */ y;", "struct s { int a; };", "static int f(void)\n{\n\treturn 0;\n}",
    "#define X(a) \\\n\t(a)", "for (;;)", "sizeof(x)", "\"s\" \"t\"", "x->y.z[1](2)", "int", "int *", "\\\n",
  ]

  mutating func next() -> Choice {
    let functions = source.functions()
    let function = functions.randomElement(using: &random)
    let name = chance(10) ? any(Self.nasty) : function?.name ?? "f"
    let scope = chance(25) ? nil : Construct.Scope.function(name)
    let old = chance(50) ? piece(of: function) : tokens()
    let new = chance(60) ? piece(of: functions.randomElement(using: &random)) : chance(50) ? tokens() : any(Self.nasty)
    let text = chance(80) ? "\t\(new)\n" : new
    let anchor: [StatementAnchor] = [
      .after(old), .before(old), .when(old), .otherwise(old), .when(condition(function)),
    ]
    switch Int.random(in: 0..<11, using: &random) {
    case 0:
      return Choice(description: "replace '\(old)' with '\(text)'", function: scope.map { _ in name }) {
        try $0.replacing(.text(old, in: scope), with: text)
      }
    case 1:
      return Choice(description: "remove '\(old)'", function: scope.map { _ in name }) {
        try $0.removing(.text(old, in: scope))
      }
    case 2:
      return Choice(description: "insert '\(text)' after '\(old)'", function: scope.map { _ in name }) {
        try $0.inserting(text, after: .text(old, in: scope))
      }
    case 3:
      return Choice(description: "insert '\(text)' before '\(old)'", function: scope.map { _ in name }) {
        try $0.inserting(text, before: .text(old, in: scope))
      }
    case 4:
      let anchor = any(anchor)
      return Choice(description: "add '\(new)' at \(anchor)", function: name) {
        try $0.addingStatements([new], to: name, at: anchor)
      }
    case 5:
      let (from, to) = (tokens(most: 4), chance(60) ? tokens(most: 4) : any(Self.nasty))
      return Choice(description: "expression '\(from)' becomes '\(to)'", function: name) {
        try $0.replacing(.expression(from, in: .function(name)), with: to)
      }
    case 6:
      let (from, to) = (tokens(most: 2), chance(60) ? tokens(most: 2) : any(Self.nasty))
      return Choice(description: "tokens '\(from)' become '\(to)'", function: name) {
        try $0.replacing(.tokens(from, in: .function(name)), with: to)
      }
    case 7:
      let (to, parameter) = (chance(50) ? "renamed" : any(Self.nasty), chance(50) ? "int extra" : any(Self.nasty))
      return Choice(description: "signature of \(name): \(to), \(parameter)", function: name) {
        try $0.changingSignature(of: name, to: to, addingParameter: parameter)
      }
    case 8:
      let (callee, argument) = (chance(70) ? identifier() : any(Self.nasty), chance(50) ? "1" : any(Self.nasty))
      return Choice(description: "call of \(callee) in \(name): \(argument)", function: name) {
        try $0.changingCalls(of: callee, in: name, to: "called", addingArgument: argument, count: nil)
      }
    case 9:
      let (member, value) = any(initialisers)
      let (newMember, newValue) = (chance(70) ? "put" : any(Self.nasty), chance(70) ? "NULL" : any(Self.nasty))
      let sort = Int.random(in: 0..<3, using: &random)
      return Choice(description: "initialiser \(member) = \(value), \(sort): \(newMember) = \(newValue)", function: nil)
      {
        let old = try $0.initialiser(member, value: value)
        return sort == 0
          ? try $0.removing(old)
          : sort == 1
            ? try $0.adding(member: newMember, value: newValue, after: old)
            : try $0.replacing(old, member: newMember, value: newValue)
      }
    default:
      return Choice(description: "replace function \(name) with '\(text)'", function: name) {
        try $0.replacing(.function(name), with: text)
      }
    }
  }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func any<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }

  private mutating func identifier() -> String {
    source.text(any(source.tokens.filter { $0.kind == .identifier }))
  }

  /// The text of a few neighbouring tokens.
  private mutating func tokens(most: Int = 12) -> String {
    let start = Int.random(in: source.tokens.indices, using: &random)
    let end = min(source.tokens.count, start + Int.random(in: 1...most, using: &random))
    return source.text(source.tokens[start].start..<source.tokens[end - 1].end)
  }

  /// What stands between two ends of statements in a function: often a statement, sometimes several or a part of one.
  private mutating func piece(of function: Function?) -> String {
    guard let body = function?.body else { return tokens() }
    let ends = body.dropLast().filter { ["{", "}", ";"].contains(source.text(source.tokens[$0])) }
    let from = Int.random(in: 0..<ends.count, using: &random)
    let to = min(ends.count - 1, from + Int.random(in: 1...3, using: &random))
    guard ends[from] < ends[to] else { return tokens() }
    return source.text(source.tokens[ends[from] + 1].start..<source.tokens[ends[to]].end)
  }

  private mutating func condition(_ function: Function?) -> String {
    guard let body = function?.body else { return "x" }
    let conditions = body.filter { source.text(source.tokens[$0]) == "if" }
    guard !conditions.isEmpty else { return "x" }
    let start = any(conditions) + 2
    let end = (start..<body.upperBound).first { source.text(source.tokens[$0]) == ")" } ?? start
    return start < end ? source.text(source.tokens[start].start..<source.tokens[end - 1].end) : "x"
  }

  private var initialisers: [(String, String)] {
    source.tokens.indices.dropLast(3).filter {
      source.tokens[$0].kind == .identifier && source.text(source.tokens[$0 + 1]) == "="
        && source.tokens[$0 + 2].kind == .identifier
    }.map { (source.text(source.tokens[$0]), source.text(source.tokens[$0 + 2])) }
  }
}
