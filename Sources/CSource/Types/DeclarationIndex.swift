/// What a file declares outside its functions.
final class DeclarationIndex {
  let file: SourceFile
  private(set) var variables: [String: CType] = [:]
  private(set) var functions: [String: CType] = [:]
  private(set) var typedefs: [String: CType] = [:]
  /// The brace at which the body of each struct or union with a tag opens.
  private(set) var structures: [String: Int] = [:]
  /// The `#define` of each macro.
  private(set) var macros: [String: Directive] = [:]
  /// What it includes, as written with its quotes or angle brackets.
  private(set) var includes: [(name: String, isQuoted: Bool)] = []
  /// The bodies of its functions, in source order, and the parameters of each.
  private(set) var bodies: [(body: Range<Int>, parameters: Range<Int>)] = []

  init(_ file: SourceFile) {
    self.file = file
    readDirectives()
    readStructures()
    readDeclarations()
  }

  private func readDirectives() {
    for directive in file.directives {
      if let name = file.macroName(directive) { macros[name] = macros[name] ?? directive }
      guard directive.name == "include", directive.tokens.count > 2 else { continue }
      let line = file.text(file.offsets(directive.tokens.dropFirst(2)))
      let isQuoted = line.hasPrefix("\"")
      let name = line.dropFirst().prefix { $0 != "\"" && $0 != ">" }
      includes.append((String(name), isQuoted))
    }
  }

  private func readStructures() {
    for index in file.tokens.indices where file.isToken(index, "{") && !file.tokens[index].inDirective {
      var tag = index - 1
      while tag > 0, file.tokens[tag].kind == .identifier, file.text(file.tokens[tag]).hasPrefix("__") { tag -= 1 }
      guard tag > 0, file.tokens[tag].kind == .identifier else { continue }
      guard file.isToken(tag - 1, "struct") || file.isToken(tag - 1, "union") else { continue }
      structures[file.text(file.tokens[tag])] = index
    }
  }

  private func readDeclarations() {
    var start = 0
    var index = 0
    // Whether parentheses, or an `=`, stand between the start of the declaration and the next token.
    var (hasParameters, hasValue) = (false, false)
    func next(_ position: Int) {
      (start, index) = (position, position)
      (hasParameters, hasValue) = (false, false)
    }
    while index < file.tokens.count {
      if file.tokens[index].inDirective {
        if index == start { next(index + 1) } else { index += 1 }
      } else if file.isToken(index, ";") {
        record(start..<index)
        next(index + 1)
      } else if file.isToken(index, "{"), hasParameters, !hasValue {
        let close = file.closing(index) ?? file.tokens.count - 1
        record(start..<index)
        if let open = (start..<index).last(where: { file.isToken($0, "(") && file.closing($0) != nil }),
          let end = file.closing(open)
        {
          bodies.append((index..<close + 1, open + 1..<end))
        }
        next(close + 1)
      } else {
        if file.isToken(index, "=") { hasValue = true }
        if file.isToken(index, "(") { hasParameters = true }
        let isOpening = file.isToken(index, "(") || file.isToken(index, "[") || file.isToken(index, "{")
        index = (isOpening ? file.closing(index) ?? index : index) + 1
      }
    }
  }

  private func record(_ range: Range<Int>) {
    let isTypedef = range.contains { file.isToken($0, "typedef") }
    for declared in file.declared(in: range) {
      if isTypedef {
        typedefs[declared.name] = declared.type
      } else if declared.type.isFunction {
        functions[declared.name] = functions[declared.name] ?? declared.type
      } else {
        variables[declared.name] = variables[declared.name] ?? declared.type
      }
    }
  }

  /// Where the file uses each of its macros outside directives.
  private(set) lazy var macroUses: [String: [Int]] = {
    var uses: [String: [Int]] = [:]
    guard !macros.isEmpty else { return uses }
    for (index, token) in file.tokens.enumerated() where token.kind == .identifier && !token.inDirective {
      let word = file.text(token)
      if macros[word] != nil { uses[word, default: []].append(index) }
    }
    return uses
  }()

  private struct Local {
    var scope: Range<Int>
    var type: CType
  }

  /// What each function declares that was asked for, by the token at which its body opens.
  private var locals: [Int: [String: [Local]]] = [:]

  /// What the function around a token declares by a name there: the innermost block's declaration, else a parameter.
  func local(_ name: String, at index: Int) -> CType? {
    var (low, high) = (0, bodies.count)
    while low < high {
      let middle = (low + high) / 2
      if bodies[middle].body.upperBound <= index { low = middle + 1 } else { high = middle }
    }
    guard low < bodies.count, bodies[low].body.contains(index) else { return nil }
    let function = bodies[low]
    let known = locals[function.body.lowerBound] ?? declarations(of: function)
    locals[function.body.lowerBound] = known
    // What is declared later is in the same block or in an inner one.
    return known[name]?.last { $0.scope.contains(index) }?.type
  }

  private func declarations(of function: (body: Range<Int>, parameters: Range<Int>)) -> [String: [Local]] {
    var found: [String: [Local]] = [:]
    func add(_ range: Range<Int>, in scope: Range<Int>) {
      for declared in file.declared(in: range) {
        found[declared.name, default: []].append(Local(scope: scope, type: declared.type))
      }
    }
    for parameter in file.arguments(function.parameters) { add(parameter, in: function.body) }
    var blocks = [function.body.upperBound]
    var position = function.body.lowerBound + 1
    while position < function.body.upperBound {
      if file.isToken(position, "{") {
        blocks.append(file.closing(position) ?? function.body.upperBound)
      } else if file.isToken(position, "}"), blocks.count > 1 {
        blocks.removeLast()
      } else if startsDeclaration(position), let end = declarationEnd(position) {
        add(position..<end, in: position..<max(end, blocks[blocks.count - 1]))
      }
      position += 1
    }
    return found
  }

  private func startsDeclaration(_ index: Int) -> Bool {
    guard file.tokens[index].kind == .identifier, !file.tokens[index].inDirective, let before = file.previous(index)
    else { return false }
    if Keywords.statements.contains(file.text(file.tokens[index])) { return false }
    return file.isToken(before, ";") || file.isToken(before, "{") || file.isToken(before, "}")
      || file.isToken(before, "(") && file.isToken(before - 1, "for") || file.isToken(before, ":")
  }

  /// The semicolon that ends a declaration; nil if none does.
  private func declarationEnd(_ start: Int) -> Int? {
    var index = start
    // No declaration in real C has more parts.
    var steps = 0
    while index < file.tokens.count, steps < 256, !file.isToken(index, ";") {
      if file.isToken(index, "(") || file.isToken(index, "[") || file.isToken(index, "{") {
        index = file.closing(index) ?? index
      } else if file.isToken(index, "}") || file.isToken(index, ")") {
        return nil
      }
      index += 1
      steps += 1
    }
    return file.isToken(index, ";") ? index : nil
  }
}
