extension SourceFile {
  /// The number of open braces before each token; -1 for tokens of directives.
  ///
  /// An `#else` resets the depth to the value at its `#if`, so that a brace opened in each branch counts once.
  func braceDepths() -> [Int] {
    var depths: [Int] = []
    var depth = 0
    var saved: [Int] = []
    var directives = directives[...]
    for (index, token) in tokens.enumerated() {
      if let directive = directives.first, directive.tokens.lowerBound == index {
        directives.removeFirst()
        switch directive.name {
        case "if", "ifdef", "ifndef": saved.append(depth)
        case "else", "elif": depth = saved.last ?? depth
        case "endif": _ = saved.popLast()
        default: break
        }
      }
      if token.inDirective {
        depths.append(-1)
        continue
      }
      if isToken(index, "}") { depth -= 1 }
      depths.append(depth)
      if isToken(index, "{") { depth += 1 }
    }
    return depths
  }
}
