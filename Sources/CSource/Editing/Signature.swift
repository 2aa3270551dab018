import Diagnostics

extension SourceFile {
  /// Renames a function's definition and appends a parameter, if one is given, in kernel style: parameters aligned with
  /// the opening parenthesis, and the return type on its own line if it does not fit beside the name.
  public func changingSignature(
    of name: String, to newName: String, addingParameter parameter: String?
  ) throws(Mismatch) -> SourceFile {
    let function = try function(name)
    let specifiers = offsets(function.specifiers)
    let nameStart = tokens[function.nameTokens.lowerBound].start
    var parameters = arguments(function.parameters).map { text(offsets($0)).collapsingSpace }
    if parameters == ["void"] && parameter != nil { parameters = [] }
    if let parameter { parameters.append(parameter) }

    let typeStandsAlone = bytes[specifiers.upperBound..<nameStart].contains(.newline)
    let type = text(specifiers).collapsingSpace
    let head = type.hasSuffix("*") ? type : type + " "
    let sameLine = CodeLayout.list(head: head + newName + "(", parameters, end: ")")
    let header: String
    if typeStandsAlone || !CodeLayout.fits(sameLine) {
      header = type + "\n" + CodeLayout.list(head: newName + "(", parameters, end: ")")
    } else {
      header = sameLine
    }
    return applying([Edit(specifiers.lowerBound..<tokens[function.parameters.upperBound].end, header)])
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
