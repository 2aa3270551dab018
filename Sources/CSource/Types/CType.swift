/// A type, as far as members are looked up in it.
struct CType: Hashable {
  enum Base: Hashable {
    /// `struct tag` or `union tag`.
    case tag(String)
    case typedef(String)
    /// A struct without a tag, whose body opens at a token of a file.
    case body(path: String, open: Int)
    /// A number, a function, or anything else without members.
    case other
  }

  var base: Base
  var pointers = 0
  var arrays = 0
  /// Whether it is a function that returns this.
  var isFunction = false

  /// What `*` or an index gives.
  var pointee: CType {
    var type = self
    if arrays > 0 { type.arrays -= 1 } else { type.pointers -= 1 }
    return type
  }

  /// Whether it is a struct or a union itself, no pointer or array.
  var isValue: Bool { pointers == 0 && arrays == 0 && !isFunction }
}

/// A name that is declared with a type.
struct Declared {
  var name: String
  var type: CType
}

extension SourceFile {
  /// The names that a declaration declares, without its semicolon; none if it is no declaration.
  func declared(in range: Range<Int>) -> [Declared] {
    var start = range.lowerBound
    // A macro's use without a semicolon may stand before it.
    while start < range.upperBound, tokens[start].kind == .identifier, isToken(start + 1, "("),
      !isToken(start + 2, "*"), let close = closing(start + 1), close + 1 < range.upperBound
    { start = close + 1 }
    var reader = DeclarationReader(file: self, index: start, end: range.upperBound)
    guard let base = reader.specifiers() else { return [] }
    return reader.declarators(of: base)
  }

  /// The type that a range of tokens spells, as in a cast.
  func typeName(in range: Range<Int>) -> CType? {
    var reader = DeclarationReader(file: self, index: range.lowerBound, end: range.upperBound)
    guard let base = reader.specifiers() else { return nil }
    var type = CType(base: base)
    while reader.index < range.upperBound {
      if isToken(reader.index, "*") { type.pointers += 1 }
      if isToken(reader.index, "[") {
        type.arrays += 1
        reader.index = closing(reader.index) ?? reader.index
      } else if isToken(reader.index, "(") {
        return CType(base: .other)
      }
      reader.index += 1
    }
    return type
  }
}

/// Reads a declaration token by token.
private struct DeclarationReader {
  let file: SourceFile
  var index: Int
  let end: Int

  private static let skipped = Keywords.storage.union(["const", "volatile", "restrict"])

  private func at(_ text: StaticString) -> Bool { index < end && file.isToken(index, text) }
  private var word: String? {
    index < end && file.tokens[index].kind == .identifier ? file.text(file.tokens[index]) : nil
  }

  mutating func specifiers() -> CType.Base? {
    var base: CType.Base?
    while index < end {
      if file.tokens[index].inDirective, !file.tokens[max(0, index - 1)].inDirective { return nil }
      guard let word else { return base }
      switch word {
      case "struct", "union":
        index += 1
        while let word = self.word, word.hasPrefix("__") { index += 1 }
        if let tag = self.word {
          base = .tag(tag)
          index += 1
        }
        if at("{") {
          if base == nil { base = .body(path: file.path, open: index) }
          index = (file.closing(index) ?? end) + 1
          while let word = self.word, word.hasPrefix("__") { skipAttribute() }
        }
      case "enum":
        index += 1
        if self.word != nil { index += 1 }
        if at("{") { index = (file.closing(index) ?? end) + 1 }
        base = .other
      case let word where Self.skipped.contains(word):
        index += 1
      case let word where Keywords.types.contains(word):
        base = .other
        index += 1
      case let word where Keywords.operators.contains(word):
        index += 1
        if at("(") { index = (file.closing(index) ?? end) + 1 }
        base = .other
      case let word where Keywords.all.contains(word):
        return nil
      default:
        if base != nil { return base }
        let next = index + 1
        let isType = next < end && (file.tokens[next].kind == .identifier || file.isToken(next, "*"))
        guard isType || next == end else { return nil }
        if !word.hasPrefix("__") || !(next < end && file.tokens[next].kind == .identifier) { base = .typedef(word) }
        index += 1
      }
    }
    return base
  }

  private mutating func skipAttribute() {
    index += 1
    if at("(") { index = (file.closing(index) ?? end) + 1 }
  }

  mutating func declarators(of base: CType.Base) -> [Declared] {
    var found: [Declared] = []
    while index < end {
      var type = CType(base: base)
      while at("*") || word.map({ Self.skipped.contains($0) || $0.hasPrefix("__") }) == true {
        if at("*") { type.pointers += 1 }
        index += 1
      }
      if at("("), file.isToken(index + 1, "*"), let close = file.closing(index) {
        let name = (index..<close).first { file.tokens[$0].kind == .identifier }
        index = close + 1
        if at("(") { index = (file.closing(index) ?? end) + 1 }
        type.isFunction = true
        if let name { found.append(Declared(name: file.text(file.tokens[name]), type: type)) }
      } else {
        guard let name = word else { return found }
        index += 1
        while at("[") {
          type.arrays += 1
          index = (file.closing(index) ?? end) + 1
        }
        if at("(") {
          type.isFunction = true
          index = (file.closing(index) ?? end) + 1
        }
        found.append(Declared(name: name, type: type))
      }
      while index < end, !at(",") {
        if at("(") || at("[") || at("{") { index = file.closing(index) ?? end }
        index += 1
      }
      guard at(",") else { break }
      index += 1
    }
    return found
  }
}
