extension SourceFile {
  /// For every token, how many braces are open before it; -1 for tokens of directives.
  ///
  /// An `#else` starts again from the depth at its `#if`, so that a brace opened once in each branch counts once.
  func braceDepths() -> [Int32] {
    var depths = [Int32](repeating: -1, count: tokens.count)
    var depth: Int32 = 0
    var saved: [Int32] = []
    var directives = directives[...]
    for (index, token) in tokens.enumerated() {
      if token.inDirective {
        while let directive = directives.first, directive.tokens.lowerBound <= index {
          switch directive.name {
          case "if", "ifdef", "ifndef": saved.append(depth)
          case "else", "elif": depth = saved.last ?? depth
          case "endif": _ = saved.popLast()
          default: break
          }
          directives.removeFirst()
        }
        continue
      }
      let byte = token.kind == .punctuator ? bytes[token.start] : 0
      if byte == UInt8(ascii: "}") { depth -= 1 }
      depths[index] = depth
      if byte == UInt8(ascii: "{") { depth += 1 }
    }
    return depths
  }
}
