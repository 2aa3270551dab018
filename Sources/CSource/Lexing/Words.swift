/// Finds whole words in raw source bytes, comments and strings included.
public enum WordPositions {
  /// The offsets at which the word starts, in order.
  public static func of(_ word: String, in source: [UInt8]) -> [Int] {
    source.withUnsafeBytes { of([word], in: $0) }
  }

  /// The offsets at which any of some words starts, in order.
  ///
  /// It searches whole trees, so it skips most bytes, by the algorithm of Wu and Manber: the last two bytes of a stretch as
  /// long as the shortest word say how far away the end of a word is at least. Looking for each word by itself takes five
  /// times as long, which is seconds for a kernel.
  public static func of(_ words: [String], in source: UnsafeRawBufferPointer) -> [Int] {
    let words = words.map { Array($0.utf8) }
    guard let length = words.map(\.count).min(), length > 0 else { return [] }
    var steps = [Int](repeating: length - 1, count: 1 << 12)
    for word in words {
      for index in 1..<length {
        let pair = pair(word[index - 1], word[index])
        steps[pair] = min(steps[pair], length - 1 - index)
      }
    }
    var found: [Int] = []
    var end = length
    while end <= source.count {
      let step = length == 1 ? 0 : steps[pair(source[end - 2], source[end - 1])]
      if step == 0, words.contains(where: { stands($0, in: source, at: end - length) }) { found.append(end - length) }
      end += max(1, step)
    }
    return found
  }

  /// Two bytes without the bits in which those of words seldom differ.
  private static func pair(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 63) << 6 | Int(second & 63) }

  private static func stands(_ word: [UInt8], in source: UnsafeRawBufferPointer, at start: Int) -> Bool {
    let end = start + word.count
    return end <= source.count && source[start..<end].elementsEqual(word)
      && (start == 0 || !source[start - 1].isIdentifierPart)
      && (end == source.count || !source[end].isIdentifierPart)
  }

  /// The line, from 1, that contains an offset.
  public static func line(of offset: Int, in source: [UInt8]) -> Int {
    source[..<offset].count { $0 == .newline } + 1
  }
}

/// The words that a compiler sees: those in comments, literals and `#include` lines do not count.
public enum CodeWords {
  /// The distinct identifiers and numbers of a source, those of directives included.
  public static func of(_ source: [UInt8]) -> Set<String> {
    let lexed = Lexer.lex(source)
    let included = Set(lexed.directives.filter { $0.name == "include" }.flatMap(\.tokens))
    let words = lexed.tokens.enumerated().filter { index, token in
      (token.kind == .identifier || token.kind == .number) && !included.contains(index)
    }
    return Set(words.map { String(decoding: source[$0.element.start..<$0.element.end], as: UTF8.self) })
  }
}

/// Tells sources that may concern ops structs from the rest without lexing them: a member's name may be a common word.
public enum MemberWords {
  /// Whether a source names one of the structs, or one of the members after a dot or an arrow.
  public static func concern(_ source: [UInt8], structures: [String], members: [String]) -> Bool {
    if structures.contains(where: { !WordPositions.of($0, in: source).isEmpty }) { return true }
    return members.contains { member in
      WordPositions.of(member, in: source).contains { start in
        var before = start - 1
        while before >= 0, source[before].isSpace { before -= 1 }
        return before >= 0 && (source[before] == UInt8(ascii: ".") || source[before] == UInt8(ascii: ">"))
      }
    }
  }
}
