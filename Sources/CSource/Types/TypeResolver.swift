/// A type, and the file from which its name is looked up.
struct SeenType {
  var type: CType
  var home: DeclarationIndex
}

/// Tells the types of a file's expressions and initialisers.
struct TypeResolver {
  let types: Types
  let index: DeclarationIndex
  var file: SourceFile { index.file }

  /// For each token, the innermost bracket that is open before it.
  let enclosing: [Int?]

  init(_ file: SourceFile, _ types: Types) {
    self.types = types
    index = types.index(of: file)
    enclosing = file.enclosingBrackets()
  }

  /// What has the member that a token names.
  enum Owner {
    /// A struct with this tag, or without one.
    case structure(String)
    /// The entries of a macro, which belong to what uses it.
    case user
    case unknown
  }

  func owner(of access: Int, isInitialiser: Bool, receiver: (Int) -> Range<Int>) -> Owner {
    guard isInitialiser else {
      return structure(before: access, receiver: receiver(access)).map(Owner.structure) ?? .unknown
    }
    let designators = file.designators(before: access - 1)..<access - 1
    guard let open = enclosing[access], file.isToken(open, "{") else { return .user }
    let seen = designators.isEmpty ? type(ofBracesAt: open) : type(ofDesignators: designators)
    if let tag = seen.flatMap(tag) { return .structure(tag) }
    return file.tokens[access].inDirective ? .user : .unknown
  }

  /// The tag of the struct of which `receiver.member` or `receiver->member` names a member; nil if it is not known.
  func structure(before access: Int, receiver: Range<Int>) -> String? {
    guard var seen = type(of: receiver) else { return nil }
    if file.isToken(access - 1, "->") { seen.type = seen.type.pointee }
    return tag(of: seen)
  }

  /// The tag of a struct; empty for what has members but no tag.
  func tag(of seen: SeenType) -> String? {
    guard seen.type.isValue else { return nil }
    switch seen.type.base {
    case .tag(let tag): return tag
    case .body: return ""
    case .other: return nil
    case .typedef(let name):
      guard let (type, home) = types.typedef(name, seenFrom: seen.home), type.base != seen.type.base else { return nil }
      return tag(of: SeenType(type: type, home: home))
    }
  }

  func member(_ name: String, of seen: SeenType) -> SeenType? {
    guard let (members, home) = members(of: seen) else { return nil }
    return members.first { $0.name == name }.map { SeenType(type: $0.type, home: home) }
  }

  /// The members of a struct, as the header that names it has them, or else the file itself: a header need not include
  /// what it has only pointers to.
  func members(of seen: SeenType) -> (members: [Declared], home: DeclarationIndex)? {
    guard seen.type.isValue else { return nil }
    return types.members(of: seen.type.base, seenFrom: seen.home) ?? types.members(of: seen.type.base, seenFrom: index)
  }

  func type(of range: Range<Int>) -> SeenType? {
    guard let first = range.first else { return nil }
    if file.isToken(first, "&") {
      guard var seen = type(of: range.dropFirst()) else { return nil }
      seen.type.pointers += 1
      return seen
    }
    if file.isToken(first, "*") {
      return type(of: range.dropFirst()).map { SeenType(type: $0.type.pointee, home: $0.home) }
    }
    var position = first + 1
    var seen: SeenType?
    if file.isToken(first, "("), let close = file.closing(first), close < range.upperBound {
      let inner = first + 1..<close
      position = close + 1
      let isCast = position < range.upperBound && !["->", ".", "["].contains(file.text(file.tokens[position]))
      if isCast { return file.typeName(in: inner).map { SeenType(type: $0, home: index) } }
      seen = type(of: inner)
    } else if file.tokens[first].kind == .identifier {
      let name = file.text(file.tokens[first])
      if file.isToken(position, "("), position < range.upperBound, let close = file.closing(position) {
        seen = result(of: name, position + 1..<close)
        position = close + 1
      } else {
        seen = variable(name, at: first)
      }
    }
    while position < range.upperBound {
      guard let current = seen else { return nil }
      if file.isToken(position, "->") || file.isToken(position, ".") {
        var owner = current
        if file.isToken(position, "->") { owner.type = owner.type.pointee }
        guard position + 1 < range.upperBound else { return nil }
        seen = member(file.text(file.tokens[position + 1]), of: owner)
        position += 2
      } else if file.isToken(position, "["), let close = file.closing(position) {
        seen = SeenType(type: current.type.pointee, home: current.home)
        position = close + 1
      } else if file.isToken(position, "("), current.type.isFunction, let close = file.closing(position) {
        seen?.type.isFunction = false
        position = close + 1
      } else {
        return nil
      }
    }
    return seen
  }

  func variable(_ name: String, at position: Int) -> SeenType? {
    if let local = index.local(name, at: position) { return SeenType(type: local, home: index) }
    return types.variable(name, seenFrom: index).map { SeenType(type: $0.0, home: $0.1) }
  }

  /// What a call returns: `container_of` and its like by the struct that they name, other macros by such a call in them.
  private func result(of name: String, _ arguments: Range<Int>) -> SeenType? {
    if let type = file.named(in: arguments) { return SeenType(type: type, home: index) }
    if let (function, home) = types.function(name, seenFrom: index) {
      var type = function
      type.isFunction = false
      return SeenType(type: type, home: home)
    }
    guard let (macro, home) = types.macro(name, seenFrom: index) else { return nil }
    let body = macro.tokens.dropFirst(3)
    for position in body where home.file.isToken(position, "(") {
      guard let close = home.file.closing(position) else { continue }
      if home.file.tokens[position - 1].kind == .identifier, let type = home.file.named(in: position + 1..<close) {
        return SeenType(type: type, home: home)
      }
      // `((struct x *)(y))`
      if home.file.isToken(position + 1, "struct"), let type = home.file.typeName(in: position + 1..<close) {
        return SeenType(type: type, home: home)
      }
    }
    return nil
  }
}

extension SourceFile {
  /// The struct that an argument of `container_of`, `list_entry` or the like names: a pointer to it is the result.
  fileprivate func named(in arguments: Range<Int>) -> CType? {
    for argument in self.arguments(arguments) where isToken(argument.lowerBound, "struct") {
      guard var type = typeName(in: argument) else { continue }
      type.pointers += 1
      return type
    }
    return nil
  }
}
