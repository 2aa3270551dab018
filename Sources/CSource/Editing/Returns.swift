import Diagnostics

extension SourceFile {
  /// Lets a function that returns nothing return a value wherever it returns, and at its end.
  ///
  /// - Throws: if it returns a value somewhere already, or if its body is written on one line.
  public func returning(_ value: String, from name: String) throws(Mismatch) -> SourceFile {
    try Names.require(name, "function", in: self)
    try Names.requireValue(value, "a value", in: self)
    let function = try function(name)
    var edits: [Edit] = []
    for index in function.body where isToken(index, "return") && !tokens[index].inDirective {
      guard isToken(index + 1, ";") else {
        throw Mismatch(
          place(tokens[index].start), "'\(name)' returns a value already",
          remedy: "leave its body to a semantic patch, with 'spatch'")
      }
      edits.append(.insert(" \(value)".utf8, at: tokens[index].end))
    }
    let close = function.body.upperBound - 1
    let isEmpty = function.body.count == 2
    guard !bytes[lineStart(tokens[close].start)..<tokens[close].start].contains(where: { !$0.isSpace }) else {
      throw Mismatch(
        place(tokens[close].start), "the body of '\(name)' is on one line", remedy: "replace it with 'function'")
    }
    // Behind a label, or a branch, a last `return;` is not all that ends the function.
    let isLast = isToken(close - 1, ";") && isToken(close - 2, "return") && !isBranch(close - 2)
    if !isLast {
      edits.append(.insert("\(isEmpty ? "" : "\n")\treturn \(value);\n".utf8, at: lineStart(tokens[close].start)))
    }
    return try applying(edits)
  }
}
