import Diagnostics

extension SourceFile {
  /// Renames a function's definition and appends a parameter, if one is given, in kernel style: parameters aligned with
  /// the opening parenthesis, and the return type on its own line if it does not fit beside the name.
  public func changingSignature(
    of name: String, to newName: String, addingParameter parameter: String?
  ) throws(Mismatch) -> SourceFile {
    for name in [name, newName] { try Names.require(name, "function", in: self) }
    let function = try function(name)
    try requireHeader(function.header)
    if let parameter { try requireParameter(parameter, of: function) }
    var parameters = arguments(function.parameters).map { text(offsets($0)).collapsingSpace }
    if parameters == ["void"] && parameter != nil { parameters = [] }
    if let parameter { parameters.append(parameter) }
    return try layingOut(function.header, name: newName, parameters)
  }

  /// The file with the header of the function that a range defines or declares laid out in kernel style.
  func layingOutHeader(in range: Range<Int>) throws(Mismatch) -> SourceFile {
    guard let open = range.first(where: { isToken($0, "(") && $0 > range.lowerBound }), let close = closing(open) else {
      return self
    }
    let header = FunctionHeader(
      specifiers: range.lowerBound..<open - 1, nameTokens: open - 1..<open, parameters: open + 1..<close)
    try requireHeader(header)
    let parameters = arguments(header.parameters).map { text(offsets($0)).collapsingSpace }
    return try layingOut(header, name: text(tokens[open - 1]), parameters)
  }

  private func layingOut(
    _ header: FunctionHeader, name: String, _ parameters: [String]
  ) throws(Mismatch) -> SourceFile {
    let nameStart = tokens[header.nameTokens.lowerBound].start
    let specifiers = header.specifiers.isEmpty ? nameStart..<nameStart : offsets(header.specifiers)
    let typeStandsAlone = bytes[specifiers.upperBound..<nameStart].contains(.newline)
    let type = text(specifiers).collapsingSpace
    let head = type.isEmpty || type.hasSuffix("*") ? type : type + " "
    let sameLine = CodeLayout.list(head: head + name + "(", parameters, end: ")")
    let text: String
    if typeStandsAlone || !type.isEmpty && !CodeLayout.fits(sameLine) {
      text = type + "\n" + CodeLayout.list(head: name + "(", parameters, end: ")")
    } else {
      text = sameLine
    }
    return try applying([Edit(specifiers.lowerBound..<tokens[header.parameters.upperBound].end, text)])
  }

  /// Requires that a function's header can be laid out anew: nothing but its type, its name and its parameters.
  private func requireHeader(_ header: FunctionHeader) throws(Mismatch) {
    let tokens = header.specifiers.lowerBound..<header.parameters.upperBound + 1
    let bytes = offsets(tokens)
    if tokens.contains(where: { self.tokens[$0].inDirective }) || comments.contains(where: { bytes.contains($0.start) })
    {
      throw Mismatch(
        place(bytes.lowerBound),
        "the header of '\(text(offsets(header.nameTokens)))' has comments or directives in it, which would be lost",
        found: text(bytes), remedy: "replace the function with 'function'")
    }
  }

  private func requireParameter(_ parameter: String, of function: Function) throws(Mismatch) {
    let start = offsets(function.header.specifiers.lowerBound..<function.parameters.upperBound + 1).lowerBound
    let pattern = SourceFile(path: "", bytes: Array(parameter.utf8))
    guard !pattern.tokens.isEmpty, pattern.comments.isEmpty, pattern.isBalanced(pattern.tokens.indices),
      Grammar.areParameters(pattern, pattern.tokens.indices)
    else {
      throw Mismatch(
        place(start), "'\(parameter)' is not a parameter",
        remedy: "write its type and its name: 'size_t *length'")
    }
    let last = arguments(function.parameters).last.map { text(offsets($0)) }
    guard last != "..." else {
      throw Mismatch(
        place(start), "no parameter can follow the '...' of '\(function.name)'",
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
