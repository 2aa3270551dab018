import Diagnostics

extension SourceFile {
  /// Renames a function's definition and appends a parameter, if one is given, in kernel style: parameters aligned with
  /// the opening parenthesis, and the return type on its own line if it does not fit beside the name.
  public func changingSignature(
    of name: String, to newName: String, addingParameter parameter: String?
  ) throws(Mismatch) -> SourceFile {
    for name in [name, newName] { try Names.require(name, "function", in: self) }
    let function = try function(name)
    try requireHeader(of: function, adding: parameter)
    let nameStart = tokens[function.nameTokens.lowerBound].start
    let specifiers = function.specifiers.isEmpty ? nameStart..<nameStart : offsets(function.specifiers)
    var parameters = arguments(function.parameters).map { text(offsets($0)).collapsingSpace }
    if parameters == ["void"] && parameter != nil { parameters = [] }
    if let parameter { parameters.append(parameter) }

    let typeStandsAlone = bytes[specifiers.upperBound..<nameStart].contains(.newline)
    let type = text(specifiers).collapsingSpace
    let head = type.isEmpty || type.hasSuffix("*") ? type : type + " "
    let sameLine = CodeLayout.list(head: head + newName + "(", parameters, end: ")")
    let header: String
    if typeStandsAlone || !type.isEmpty && !CodeLayout.fits(sameLine) {
      header = type + "\n" + CodeLayout.list(head: newName + "(", parameters, end: ")")
    } else {
      header = sameLine
    }
    return try applying([Edit(specifiers.lowerBound..<tokens[function.parameters.upperBound].end, header)])
  }

  /// Requires that a function's header can be laid out anew: nothing but its type, its name and its parameters.
  private func requireHeader(of function: Function, adding parameter: String?) throws(Mismatch) {
    let header = function.specifiers.lowerBound..<function.parameters.upperBound + 1
    let bytes = offsets(header)
    if header.contains(where: { tokens[$0].inDirective }) || comments.contains(where: { bytes.contains($0.start) }) {
      throw Mismatch(
        place(bytes.lowerBound),
        "the header of '\(function.name)' has comments or directives in it, which would be lost",
        found: text(bytes), remedy: "replace the function with 'function'")
    }
    guard let parameter else { return }
    let pattern = SourceFile(path: "", bytes: Array(parameter.utf8))
    guard !pattern.tokens.isEmpty, pattern.comments.isEmpty, pattern.isBalanced(pattern.tokens.indices),
      Grammar.areParameters(pattern, pattern.tokens.indices)
    else {
      throw Mismatch(
        place(bytes.lowerBound), "'\(parameter)' is not a parameter",
        remedy: "write its type and its name: 'size_t *length'")
    }
    let last = arguments(function.parameters).last.map { text(offsets($0)) }
    guard last != "..." else {
      throw Mismatch(
        place(bytes.lowerBound), "no parameter can follow the '...' of '\(function.name)'",
        remedy: "replace the function with 'function'")
    }
  }

  /// The comma-separated arguments in a range of tokens.
  func arguments(_ range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      if isToken(index, "(") || isToken(index, "[") || isToken(index, "{") {
        index = closing(index) ?? index
      } else if isToken(index, ",") {
        result.append(start..<index)
        start = index + 1
      }
      index += 1
    }
    return range.isEmpty ? [] : result + [start..<range.upperBound]
  }
}

extension String {
  /// The text with every run of white space turned into one space.
  var collapsingSpace: String {
    split { $0.isWhitespace }.joined(separator: " ")
  }
}
