import Diagnostics

/// Checks that a file reads as before outside the ranges that an edit replaced: the same tokens, the same pairs of
/// brackets, the same pairs of `#if` and `#endif`.
///
/// The edited file is lexed again, so text that opens a comment, joins a word, ends a macro or leaves a bracket open is
/// found by what it does to its surroundings.
struct EditCheck {
  /// A replaced byte range, before and after.
  struct Change {
    var old: Range<Int>
    var new: Range<Int>
  }

  let old: SourceFile
  let new: SourceFile
  /// In the order of the file.
  let changes: [Change]

  func check() throws(Mismatch) {
    let before = outside(old, changes.map(\.old))
    let after = outside(new, changes.map(\.new))
    var shift = 0
    var passed = 0
    var counterparts = [Int?](repeating: nil, count: old.tokens.count)
    for (index, other) in zip(before, after) {
      let (token, moved) = (old.tokens[index], new.tokens[other])
      while passed < changes.count, changes[passed].old.upperBound <= token.start {
        shift = changes[passed].new.upperBound - changes[passed].old.upperBound
        passed += 1
      }
      guard token.start + shift == moved.start, token.end + shift == moved.end, token.kind == moved.kind,
        token.inDirective == moved.inDirective
      else { throw refusal(at: index) }
      counterparts[index] = other
    }
    guard before.count == after.count else { throw refusal(at: before.dropFirst(after.count).first) }
    try checkEnds()
    try checkHashes()
    try checkPairs(old.partners, new.partners, counterparts, "bracket")
    try checkPairs(old.conditionPartners(), new.conditionPartners(), counterparts, "preprocessor condition")
  }

  private func refusal(at index: Int?) -> Mismatch {
    let place = index.map { old.place(old.tokens[$0].start) } ?? Place(old.path)
    return Mismatch(
      place,
      index.map { "the edit would change how '\(old.text(old.tokens[$0]))' is read" }
        ?? "the edit would change how the rest of the file is read",
      remedy: "end the new text as the old one ends: its line, its comments and, in a macro, its backslashes")
  }

  /// Requires that what two tokens outside the edits were to each other they still are.
  private func checkPairs(
    _ before: [Int?], _ after: [Int?], _ counterparts: [Int?], _ what: String
  ) throws(Mismatch) {
    for (index, other) in counterparts.enumerated() {
      guard let other else { continue }
      let wasPair = before[index]
      let isPair = after[other]
      let holds: Bool
      if let wasPair, let counterpart = counterparts[wasPair] {
        holds = isPair == counterpart
      } else {
        // Its partner was replaced, or it had none.
        holds = (wasPair == nil) == (isPair == nil)
      }
      guard holds else { throw unpaired(old, index, what) }
    }
    let kept = Set(counterparts.lazy.compactMap { $0 })
    for change in changes {
      for index in new.tokens(within: change.new) where new.sortOfPair(index) == what {
        guard let partner = after[index], !kept.contains(partner) else { throw unpaired(new, index, what) }
      }
    }
  }

  /// Requires that the comments and literals of the new text end in it.
  private func checkEnds() throws(Mismatch) {
    for change in changes {
      let open = new.comments.first { comment in
        change.new.contains(comment.start)
          && (comment.end > change.new.upperBound
            || new.bytes[comment.start + 1] == UInt8(ascii: "*")
              && !(comment.end - comment.start >= 4
                && new.bytes[comment.end - 2..<comment.end].elementsEqual("*/".utf8)))
      }
      let literal = new.tokens(within: change.new).first { index in
        let token = new.tokens[index]
        guard token.kind == .string || token.kind == .character else { return false }
        return token.length < 2 || new.bytes[token.end - 1] != new.bytes[token.start]
      }
      guard let start = open?.start ?? literal.map({ new.tokens[$0].start }) else { continue }
      throw Mismatch(
        new.place(start),
        "the new text does not end what starts here: '\(new.text(start..<min(start + 2, new.bytes.count)))'",
        remedy: "close its comments and its quotes")
    }
  }

  /// Requires that a `#` of the new text is in a macro, or starts a directive.
  private func checkHashes() throws(Mismatch) {
    for change in changes {
      let hash = new.tokens(within: change.new).first { index in
        !new.tokens[index].inDirective && (new.isToken(index, "#") || new.isToken(index, "##"))
      }
      guard let hash else { continue }
      throw Mismatch(
        new.place(new.tokens[hash].start), "'\(new.text(new.tokens[hash]))' stands outside a macro",
        remedy: "write a directive on a line of its own")
    }
  }

  private func unpaired(_ file: SourceFile, _ index: Int, _ what: String) -> Mismatch {
    Mismatch(
      file.place(file.tokens[index].start),
      "the edit would leave the \(what) '\(file.text(file.tokens[index]))' without its partner, or give it another",
      remedy: "name, and write, whole constructs: what one of them opens, the same one must close")
  }

  /// The indices of the tokens that no range touches.
  private func outside(_ file: SourceFile, _ ranges: [Range<Int>]) -> [Int] {
    var result: [Int] = []
    var ranges = ranges[...]
    for (index, token) in file.tokens.enumerated() {
      while let range = ranges.first, range.upperBound <= token.start { ranges.removeFirst() }
      let isTouched = ranges.first.map { $0.lowerBound < token.end && token.start < $0.upperBound } ?? false
      if !isTouched { result.append(index) }
    }
    return result
  }
}

extension SourceFile {
  /// What kind of pair a token is half of.
  fileprivate func sortOfPair(_ index: Int) -> String? {
    guard tokens[index].kind == .punctuator else { return nil }
    switch text(tokens[index]) {
    case "(", ")", "[", "]", "{", "}": return "bracket"
    case "#":
      let name = directive(startingAt: index)?.name ?? ""
      return name.hasPrefix("if") || name.hasPrefix("el") || name == "endif" ? "preprocessor condition" : nil
    default: return nil
    }
  }

  /// For the `#` of each `#if`, the token index of its `#endif`, and the reverse; for that of an `#else`, its `#if`.
  /// Nil for all other tokens.
  func conditionPartners() -> [Int?] {
    var partners = [Int?](repeating: nil, count: tokens.count)
    var open: [Int] = []
    for directive in directives {
      switch directive.name {
      case "if", "ifdef", "ifndef": open.append(directive.tokens.lowerBound)
      case "else", "elif", "elifdef", "elifndef": partners[directive.tokens.lowerBound] = open.last
      case "endif":
        guard let start = open.popLast() else { continue }
        (partners[start], partners[directive.tokens.lowerBound]) = (directive.tokens.lowerBound, start)
      default: break
      }
    }
    return partners
  }
}
