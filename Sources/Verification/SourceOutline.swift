/// The declarations of a C file, down to the members of its types: what comparing two versions of a header needs.
///
/// It errs towards larger items and more names: a construct it does not understand joins its neighbour, so that a change
/// there touches the names of both.
struct SourceOutline: Sendable {
  struct Item: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      case macro, include, function, type, member, declaration, other
    }

    var kind: Kind
    /// The identifiers that users of the item name.
    var names: [String]
    /// Its tokens, one space apart, and the conditions it stands under.
    var text: String
    var lines: ClosedRange<Int>
  }

  let items: [Item]

  init(_ source: [UInt8]) {
    var parser = Parser(tokens: CToken.tokens(of: source))
    parser.parse()
    items = parser.items
  }

  /// The name of the function, table or type that holds a line; nil between them.
  func enclosing(line: Int) -> String? {
    items.last { $0.kind != .member && $0.kind != .include && $0.lines.contains(line) }?.names.first
  }

  /// Every name the file declares.
  var names: Set<String> { Set(items.lazy.flatMap(\.names)) }
}

extension SourceOutline {
  private struct Parser {
    let tokens: [CToken]
    var items: [Item] = []
    /// The `#if` stack: each level's conditions so far, the last one in force.
    var conditions: [[String]] = []

    init(tokens: [CToken]) { self.tokens = tokens }

    mutating func parse() {
      var current: [CToken] = []
      var depth = 0
      var opened: CToken.Shape?
      for token in tokens {
        if token.kind == .directive {
          if current.isEmpty { directive(token) } else { current.append(token) }
          continue
        }
        current.append(token)
        switch token.text {
        case "{", "(", "[":
          if token.text == "{", depth == 0 { opened = CToken.shape(of: current.dropLast()) }
          depth += 1
        case "}", ")", "]":
          depth = max(0, depth - 1)
          if depth == 0, token.text == "}", opened == .function {
            finish(&current)
            opened = nil
          }
        case ";" where depth == 0:
          finish(&current)
          opened = nil
        default: break
        }
      }
      finish(&current)
    }

    mutating func directive(_ token: CToken) {
      let words = token.text.split(separator: " ", maxSplits: 1)
      let lines = token.line...token.lastLine
      switch words.first {
      case "if", "ifdef", "ifndef": conditions.append([token.text])
      case "elif", "else":
        if !conditions.isEmpty { conditions[conditions.count - 1].append(token.text) }
      case "endif": _ = conditions.popLast()
      case "define", "undef":
        let name = (words.count > 1 ? words[1] : "").prefix { $0.utf8.allSatisfy(\.isWord) }
        items.append(Item(kind: .macro, names: [String(name)], text: stamped(token.text), lines: lines))
      case "include":
        items.append(Item(kind: .include, names: [], text: stamped(token.text), lines: lines))
      default:
        items.append(Item(kind: .other, names: [], text: stamped(token.text), lines: lines))
      }
    }

    func stamped(_ text: String) -> String {
      conditions.isEmpty ? text : text + " if " + conditions.map { $0.joined(separator: "|") }.joined(separator: "&")
    }

    mutating func finish(_ current: inout [CToken]) {
      defer { current.removeAll(keepingCapacity: true) }
      guard let first = current.first, let last = current.last else { return }
      let lines = first.line...max(first.line, last.lastLine)
      let shape = CToken.shape(of: current[...])
      if case .type(let open, let close) = shape {
        let head = Array(current[..<open]) + Array(current[min(close + 1, current.count)...])
        items.append(
          Item(
            kind: .type, names: CToken.typeNames(head), text: stamped(head.filter { $0.text != ";" }.joined),
            lines: lines))
        members(current[(open + 1)..<close], separator: first.text == "enum" ? "," : ";")
      } else {
        let kind: Item.Kind = shape == .function ? .function : .declaration
        items.append(
          Item(kind: kind, names: CToken.declaredNames(current), text: stamped(current.joined), lines: lines))
      }
      // A macro defined inside a function or a type is as visible as any other.
      for token in current where token.kind == .directive { directive(token) }
    }

    /// One item a member; a nested type is one with all the names in it.
    mutating func members(_ body: ArraySlice<CToken>, separator: String) {
      let outer = conditions
      defer { conditions = outer }
      var current: [CToken] = []
      var depth = 0
      func item() -> Item? {
        guard let first = current.first, let last = current.last else { return nil }
        return Item(
          kind: .member, names: CToken.memberNames(current), text: stamped(current.joined),
          lines: first.line...max(first.line, last.lastLine))
      }
      for token in body {
        if token.kind == .directive, depth == 0, current.isEmpty {
          conditionOnly(token)
          continue
        }
        if depth == 0, token.text == separator {
          if let item = item() { items.append(item) }
          current.removeAll()
          continue
        }
        current.append(token)
        if ["{", "(", "["].contains(token.text) { depth += 1 }
        if ["}", ")", "]"].contains(token.text) { depth -= 1 }
      }
      if let item = item() { items.append(item) }
    }

    mutating func conditionOnly(_ token: CToken) {
      let count = items.count
      directive(token)
      items.removeSubrange(count...)
    }
  }
}
