import Diagnostics

/// A function definition, located in a source file.
public struct Function: Sendable {
  /// The name as written, which may be a macro call: `DOMAIN_NS(iova_to_phys)`.
  public var name: String
  /// The tokens before the name: storage class, attributes and return type.
  var specifiers: Range<Int>
  var nameTokens: Range<Int>
  /// The tokens between the parentheses.
  var parameters: Range<Int>
  /// The tokens of the body, both braces included.
  public var body: Range<Int>

  /// All tokens of the definition.
  public var tokens: Range<Int> { specifiers.lowerBound..<body.upperBound }

  var header: FunctionHeader {
    FunctionHeader(specifiers: specifiers, nameTokens: nameTokens, parameters: parameters)
  }
}

/// What a function's definition and its prototypes begin with.
struct FunctionHeader {
  /// The tokens before the name.
  var specifiers: Range<Int>
  var nameTokens: Range<Int>
  /// The tokens between the parentheses.
  var parameters: Range<Int>

  /// From the first specifier to the closing parenthesis.
  var tokens: Range<Int> { specifiers.lowerBound..<parameters.upperBound + 1 }
}

extension SourceFile {
  /// The definition of the function called `name`.
  public func function(_ name: String) throws(Mismatch) -> Function {
    let found = functions(named: name)
    guard let function = found.first else {
      throw Mismatch(Place(path), "has no function '\(name)'")
    }
    if found.count > 1 {
      throw Mismatch(place(tokens[found[1].nameTokens.lowerBound].start), "has several functions '\(name)'")
    }
    return function
  }

  func functions(named name: String) -> [Function] {
    let pattern = TokenPattern(name)
    let depths = braceDepths()
    return matches(pattern, in: 0..<tokens.count).compactMap { match in
      depths[match.lowerBound] == 0 ? function(nameTokens: match, depths: depths) : nil
    }
  }

  /// All function definitions whose name is a single identifier, in source order.
  public func functions() -> [Function] {
    let depths = braceDepths()
    var found: [Function] = []
    var index = 0
    while index < tokens.count {
      if depths[index] == 0, tokens[index].kind == .identifier, isToken(index + 1, "("),
        let function = function(nameTokens: index..<index + 1, depths: depths)
      {
        found.append(function)
        index = function.body.upperBound
      } else {
        index += 1
      }
    }
    return found
  }

  private func function(nameTokens: Range<Int>, depths: [Int]) -> Function? {
    let open = nameTokens.upperBound
    guard isToken(open, "("), let close = closing(open), isToken(close + 1, "{"), depths[close + 1] == 0 else {
      return nil
    }
    // Counted by depth, not by matching braces: an #if inside the body may open one brace in each branch.
    let bodyEnd =
      (close + 2..<tokens.count).first { depths[$0] == 0 && isToken($0, "}") } ?? tokens.count - 1
    var start = nameTokens.lowerBound
    while start > 0, !tokens[start - 1].inDirective, !isToken(start - 1, ";"), !isToken(start - 1, "}"),
      depths[start - 1] == 0
    { start -= 1 }
    return Function(
      name: text(offsets(nameTokens)), specifiers: start..<nameTokens.lowerBound, nameTokens: nameTokens,
      parameters: open + 1..<close, body: close + 1..<bodyEnd + 1)
  }

  /// The whole lines of a function, with the comment directly above it.
  func lines(of function: Function) -> Range<Int> {
    let start = lineStart(tokens[function.specifiers.lowerBound].start)
    let end = lineEnd(tokens[function.body.upperBound - 1].end)
    return (commentAbove(start)?.lowerBound ?? start)..<end
  }

  /// The lines of a comment that ends on the line before `offset`, which starts a line.
  func commentAbove(_ offset: Int) -> Range<Int>? {
    comments.last { comment in
      comment.end <= offset && bytes[comment.end..<offset].elementsEqual([.newline])
        && lineStart(comment.start) == comment.start
    }.map { $0.start..<offset }
  }
}

extension SourceFile {
  /// Whether a function's definition equals one of its definitions in another file, white space and comments aside.
  public func sameFunction(_ name: String, as other: SourceFile) throws(Mismatch) -> Bool {
    let mine = try function(name)
    return other.functions(named: name).contains { sameTokens(mine.tokens, as: other, $0.tokens) }
  }

  /// The text of each of the file's definitions of a function, for messages.
  public func functionTexts(_ name: String) -> [String] {
    functions(named: name).map { text(offsets($0.tokens)) }
  }

  /// Whether the file defines a function or a struct of this name.
  public func defines(_ name: String) -> Bool {
    !functions(named: name).isEmpty || (try? structure(name)) != nil
  }
}
