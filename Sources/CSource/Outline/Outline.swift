/// The declarations of a C file, down to the members of its types, for comparing two versions of a header.
///
/// It errs towards larger items and more names: a construct it does not understand joins its neighbour, so a change
/// there touches the names of both.
public struct Outline: Sendable {
  /// One declaration, definition, directive or member.
  public struct Item: Hashable, Sendable {
    /// What the item declares; `other` for directives such as `#pragma`.
    public enum Kind: Hashable, Sendable {
      case macro, include, function, type, member, enumerator, declaration, other
    }

    /// What the item declares.
    public var kind: Kind
    /// The identifiers by which other code refers to the item.
    public var names: [String]
    /// The names of the type that a member or an enumerator belongs to: its tag and its declarators. Empty for an
    /// anonymous type.
    public var owners: [String] = []
    /// The item's tokens, one space apart.
    public var text: String
    /// The `#if` conditions around the item.
    public var conditions: String = ""
    /// The item's lines, from 1.
    public var lines: ClosedRange<Int>

    /// Every token of the item and its conditions.
    public var tokens: [Substring] { text.split(separator: " ") + conditions.split(separator: " ") }
  }

  /// All items; a type precedes its members, and a definition the directives inside it.
  public let items: [Item]

  /// Parses any bytes; it never fails.
  public init(_ source: [UInt8]) {
    var parser = Parser(tokens: OutlineToken.tokens(of: source))
    parser.parse()
    items = parser.items
  }

  /// The name of the function, table or type that contains a line; nil between them.
  public func enclosing(line: Int) -> String? {
    items.last { ![.member, .enumerator, .include].contains($0.kind) && $0.lines.contains(line) }?.names.first
  }

  /// Every name the file declares.
  public var names: Set<String> { Set(items.lazy.flatMap(\.names)) }
}

extension Outline {
  private struct Parser {
    let tokens: [OutlineToken]
    var items: [Item] = []
    /// The `#if` stack: each level's conditions so far, the last of which is in force.
    var conditions: [[String]] = []
    /// Nobody nests more conditions or writes more branches by hand; any beyond this bound are ignored.
    private static let mostConditions = 64

    init(tokens: [OutlineToken]) { self.tokens = tokens }

    mutating func parse() {
      var current: [OutlineToken] = []
      var depth = 0
      var opened: OutlineToken.Shape?
      // A brace that is opened in each branch of an `#if` counts once.
      var depths: [Int] = []
      for token in tokens {
        if token.kind == .directive {
          switch token.text.prefix(while: { $0 != " " }) {
          case "if", "ifdef", "ifndef": depths.append(depth)
          case "else", "elif": depth = depths.last ?? depth
          case "endif": _ = depths.popLast()
          default: break
          }
          if current.isEmpty { directive(token) } else { current.append(token) }
          continue
        }
        current.append(token)
        switch token.text {
        case "{", "(", "[":
          if token.text == "{", depth == 0 { opened = OutlineToken.shape(of: current.dropLast()) }
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

    mutating func directive(_ token: OutlineToken) {
      let words = token.text.split(separator: " ", maxSplits: 1)
      let lines = token.line...token.lastLine
      switch words.first {
      case "if", "ifdef", "ifndef": conditions.append([token.text])
      case "elif", "else":
        if !conditions.isEmpty { conditions[conditions.count - 1].append(token.text) }
      case "endif": _ = conditions.popLast()
      case "define", "undef":
        let name = (words.count > 1 ? words[1] : "").prefix { $0.utf8.allSatisfy(\.isIdentifierPart) }
        append(.macro, [String(name)], token.text, lines)
      case "include": append(.include, [], token.text, lines)
      default: append(.other, [], token.text, lines)
      }
    }

    mutating func append(
      _ kind: Item.Kind, _ names: [String], owners: [String] = [], _ text: String, _ lines: ClosedRange<Int>
    ) {
      let conditions = conditions.prefix(Self.mostConditions)
        .map { $0.suffix(Self.mostConditions).joined(separator: " | ") }.joined(separator: " & ")
      items.append(Item(kind: kind, names: names, owners: owners, text: text, conditions: conditions, lines: lines))
    }

    mutating func finish(_ current: inout [OutlineToken]) {
      defer { current.removeAll(keepingCapacity: true) }
      guard let first = current.first, let last = current.last else { return }
      let lines = first.line...max(first.line, last.lastLine)
      let shape = OutlineToken.shape(of: current[...])
      if case .type(let open, let close) = shape {
        let head = Array(current[..<open]) + Array(current[min(close + 1, current.count)...])
        let names = OutlineToken.typeNames(head)
        append(.type, names, head.filter { $0.text != ";" }.joined, lines)
        members(of: names, current[(open + 1)..<close], isEnum: current[..<open].contains { $0.text == "enum" })
      } else {
        let kind: Item.Kind = shape == .function ? .function : .declaration
        append(kind, OutlineToken.declaredNames(current), current.joined, lines)
      }
      // A macro defined inside a function or a type is visible everywhere after it.
      for token in current where token.kind == .directive { directive(token) }
    }

    /// Appends one item for each member; a nested type is one item with all its names.
    mutating func members(of owners: [String], _ body: ArraySlice<OutlineToken>, isEnum: Bool) {
      let outer = conditions
      defer { conditions = outer }
      let separator = isEnum ? "," : ";"
      var current: [OutlineToken] = []
      var depth = 0
      func finish() {
        guard let first = current.first, let last = current.last else { return }
        append(
          isEnum ? .enumerator : .member, OutlineToken.memberNames(current), owners: owners, current.joined,
          first.line...max(first.line, last.lastLine))
      }
      for token in body {
        if token.kind == .directive, depth == 0, current.isEmpty {
          conditionOnly(token)
          continue
        }
        if depth == 0, token.text == separator {
          finish()
          current.removeAll()
          continue
        }
        current.append(token)
        if ["{", "(", "["].contains(token.text) { depth += 1 }
        if ["}", ")", "]"].contains(token.text) { depth -= 1 }
      }
      finish()
    }

    mutating func conditionOnly(_ token: OutlineToken) {
      let count = items.count
      directive(token)
      items.removeSubrange(count...)
    }
  }
}
