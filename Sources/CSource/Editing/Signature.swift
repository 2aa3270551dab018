import Diagnostics

extension SourceFile {
  /// Changes a function's header where it is defined and, where it is declared before, in its prototypes, in kernel
  /// style: parameters aligned with the opening parenthesis, and the return type on its own line if it does not fit
  /// beside the name.
  ///
  /// - Parameters:
  ///   - type: the type to return; nil for the one it returns now.
  ///   - list: all parameters, with their names; nil for those it has now.
  ///   - parameter: a parameter to append; nil for none.
  public func changingSignature(
    of name: String, to newName: String, returning type: String? = nil, withParameters list: String? = nil,
    addingParameter parameter: String? = nil
  ) throws(Mismatch) -> SourceFile {
    for name in [name, newName] { try Names.require(name, "function", in: self) }
    let function = try function(name)
    let start = offsets(function.header.tokens).lowerBound
    if let list { try requireParameters(list, at: start) }
    if let parameter {
      try requireParameters(parameter, at: start)
      guard list != nil || arguments(function.parameters).last.map({ text(offsets($0)) }) != "..." else {
        throw Mismatch(
          place(start), "no parameter can follow the '...' of '\(function.name)'",
          remedy: "replace the function with 'function'")
      }
    }
    if let type { try requireType(type, at: start) }
    let listed = list.map { list in
      let file = SourceFile(path: "", bytes: Array(list.utf8))
      return file.parameters(file.tokens.indices)
    }
    var edits: [Edit] = []
    for header in [function.header] + prototypes(of: name) {
      try requireHeader(header)
      var parameters = listed ?? self.parameters(header.parameters)
      if parameters == ["void"] && parameter != nil { parameters = [] }
      if let parameter { parameters.append(parameter) }
      edits.append(layout(header, returning: type, name: newName, parameters))
    }
    return try applying(edits)
  }

  private func parameters(_ range: Range<Int>) -> [String] {
    arguments(range).map { text(offsets($0)).collapsingSpace }
  }

  /// The headers of the function's prototypes at file scope.
  func prototypes(of name: String) -> [FunctionHeader] {
    let depths = braceDepths()
    return matches(TokenPattern(name), in: 0..<tokens.count).compactMap { match in
      let open = match.upperBound
      guard depths[match.lowerBound] == 0, isToken(open, "("), let close = closing(open) else { return nil }
      // Attributes may follow.
      let end = (close + 1..<tokens.count).first { !tokens[$0].inDirective && (isToken($0, ";") || isToken($0, "{")) }
      guard let end, isToken(end, ";"), !(close..<end).contains(where: { isToken($0, "=") || isToken($0, ",") }) else {
        return nil
      }
      var start = match.lowerBound
      while start > 0, !tokens[start - 1].inDirective, !isToken(start - 1, ";"), !isToken(start - 1, "}") { start -= 1 }
      // A call of a macro at file scope has no type before it.
      guard start < match.lowerBound else { return nil }
      return FunctionHeader(specifiers: start..<match.lowerBound, nameTokens: match, parameters: open + 1..<close)
    }
  }

  /// The file with the header of the function that a range defines or declares laid out in kernel style.
  func layingOutHeader(in range: Range<Int>) throws(Mismatch) -> SourceFile {
    // Attributes may stand before the name: `__attribute__((unused))`.
    let open = range.first { index in
      index > range.lowerBound && isToken(index, "(") && tokens[index - 1].kind == .identifier
        && !text(tokens[index - 1]).hasPrefix("__")
    }
    guard let open, let close = closing(open) else { return self }
    let header = FunctionHeader(
      specifiers: range.lowerBound..<open - 1, nameTokens: open - 1..<open, parameters: open + 1..<close)
    try requireHeader(header)
    return try applying([layout(header, name: text(tokens[open - 1]), parameters(header.parameters))])
  }

  private func layout(
    _ header: FunctionHeader, returning newType: String? = nil, name: String, _ parameters: [String]
  ) -> Edit {
    let nameStart = tokens[header.nameTokens.lowerBound].start
    let specifiers = header.specifiers.isEmpty ? nameStart..<nameStart : offsets(header.specifiers)
    let typeStandsAlone = bytes[specifiers.upperBound..<nameStart].contains(.newline)
    let type = newType.map { returning($0, header) } ?? text(specifiers).collapsingSpace
    let head = type.isEmpty || type.hasSuffix("*") ? type : type + " "
    let sameLine = CodeLayout.list(head: head + name + "(", parameters, end: ")")
    let text: String
    if typeStandsAlone || !type.isEmpty && !CodeLayout.fits(sameLine) {
      text = type + "\n" + CodeLayout.list(head: name + "(", parameters, end: ")")
    } else {
      text = sameLine
    }
    return Edit(specifiers.lowerBound..<tokens[header.parameters.upperBound].end, text)
  }

  /// What is before the name, with another type: storage classes and attributes stay.
  private func returning(_ type: String, _ header: FunctionHeader) -> String {
    var words: [String] = []
    var isWritten = false
    var index = header.specifiers.lowerBound
    while index < header.specifiers.upperBound {
      let word = text(tokens[index])
      if Keywords.storage.contains(word) || word.hasPrefix("__") && word.wholeMatch(of: #/__[a-z]+\d+/#) == nil {
        let end = isToken(index + 1, "(") ? closing(index + 1) ?? index : index
        words.append(text(offsets(index..<end + 1)))
        index = end
      } else if !isWritten {
        words.append(type)
        isWritten = true
      }
      index += 1
    }
    return (isWritten ? words : words + [type]).joined(separator: " ")
  }

  private func requireType(_ type: String, at start: Int) throws(Mismatch) {
    let pattern = SourceFile(path: "", bytes: Array(type.utf8))
    guard Grammar.holds(pattern, pattern.tokens.indices, { $0.typeName() }) else {
      throw Mismatch(place(start), "'\(type)' is not a type", remedy: "write what is before the name: 'int'")
    }
  }

  /// Requires that a function's header can be laid out anew: nothing but its type, its name and its parameters.
  private func requireHeader(_ header: FunctionHeader) throws(Mismatch) {
    let tokens = header.tokens
    let bytes = offsets(tokens)
    if tokens.contains(where: { self.tokens[$0].inDirective }) || comments.contains(where: { bytes.contains($0.start) })
    {
      throw Mismatch(
        place(bytes.lowerBound),
        "the header of '\(text(offsets(header.nameTokens)))' has comments or directives in it, which would be lost",
        found: text(bytes), remedy: "replace the function with 'function'")
    }
  }

  private func requireParameters(_ parameters: String, at start: Int) throws(Mismatch) {
    let pattern = SourceFile(path: "", bytes: Array(parameters.utf8))
    guard !pattern.tokens.isEmpty, pattern.comments.isEmpty, pattern.isBalanced(pattern.tokens.indices),
      Grammar.areParameters(pattern, pattern.tokens.indices)
    else {
      throw Mismatch(
        place(start), "'\(parameters)' is not a parameter",
        remedy: "write its type and its name: 'size_t *length'")
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
