extension SourceFile {
  /// For every token, how many braces are open before it; -1 for tokens of directives.
  ///
  /// An `#else` starts again from the depth at its `#if`, so that a brace opened once in each branch counts once.
  func braceDepths() -> [Int32] {
    var depths: [Int32] = []
    depths.reserveCapacity(tokens.count)
    var depth: Int32 = 0
    var saved: [Int32] = []
    var brackets = lexed.brackets[...]
    func fill(upTo end: Int, with depth: Int32) {
      depths.append(contentsOf: repeatElement(depth, count: end - depths.count))
    }
    func readCode(upTo end: Int) {
      while let bracket = brackets.first, bracket < end {
        brackets.removeFirst()
        switch bytes[tokens[bracket].start] {
        case UInt8(ascii: "{"):
          fill(upTo: bracket + 1, with: depth)
          depth += 1
        case UInt8(ascii: "}"):
          fill(upTo: bracket, with: depth)
          depth -= 1
        default: break
        }
      }
      fill(upTo: end, with: depth)
    }
    for directive in directives {
      readCode(upTo: directive.tokens.lowerBound)
      fill(upTo: directive.tokens.upperBound, with: -1)
      brackets = brackets.drop { $0 < directive.tokens.upperBound }
      switch directive.name {
      case "if", "ifdef", "ifndef": saved.append(depth)
      case "else", "elif": depth = saved.last ?? depth
      case "endif": _ = saved.popLast()
      default: break
      }
    }
    readCode(upTo: tokens.count)
    return depths
  }
}
