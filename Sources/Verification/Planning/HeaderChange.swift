import CSource
import Synchronization

/// What a change to a header means to its includers.
struct HeaderChange: Equatable {
  /// The identifiers whose declarations differ.
  var words: Set<String> = []
  /// The types, by tag or typedef, whose members differ or are reordered: whatever holds one by value differs as well.
  var layouts: Set<String> = []
  /// Whether the header includes other files than before, so that its includers may see other declarations.
  var changesIncludes = false
  /// The `words` that are more than types and prototypes: only code that mentions one of these can come to refer to, or
  /// define, other symbols.
  var codeWords: Set<String> = []
  /// The `words` that are macros: these replace a word wherever it stands, the name of a member too.
  var macros: Set<String> = []
  /// The `words` that are more than members: the others are only meant after a `.` or `->`, or as a macro's argument.
  var names: Set<String> = []
  /// The names that changed macros declare by pasting, as patterns.
  var pasted: Set<PastePattern> = []
  /// The names that changed declarations introduce for the whole file, those of members excepted.
  var introduced: Set<String> = []
  /// Every identifier in the changed text and in the `#if` conditions around it. A macro of that name, defined before
  /// the header is included, makes it read differently.
  var uses: Set<String> = []

  /// Compares two versions of a header; nil stands for a missing file. Comments and white space do not count.
  init(from before: [UInt8]?, to after: [UInt8]?) {
    let outlines = [Outline(before ?? []), Outline(after ?? [])]
    let counts = outlines.map { outline in outline.items.reduce(into: [:]) { $0[Key($1), default: 0] += 1 } }
    for item in outlines.flatMap(\.items) where counts[0][Key(item)] != counts[1][Key(item)] {
      add(item, outlines)
    }
    let orders = outlines.map { outline in
      Dictionary(grouping: outline.items.filter { $0.kind == .member }, by: \.owners).mapValues { $0.map(\.text) }
    }
    for (owners, order) in orders[0] where orders[1][owners].map({ $0 != order }) ?? false {
      layouts.formUnion(owners)
    }
  }

  private mutating func add(_ item: Outline.Item, _ outlines: [Outline]) {
    if item.kind != .member, !Self.isForward(item) { introduced.formUnion(item.names) }
    uses.formUnion(item.tokens.lazy.filter { $0.utf8.first?.isIdentifierPart == true }.map(String.init))
    uses.subtract(OutlineToken.keywords)
    if item.kind != .member { names.formUnion(item.names) }
    switch item.kind {
    case .include, .other: changesIncludes = true
    case .macro, .function, .declaration:
      if item.kind != .declaration || !Self.isPrototype(item) { codeWords.formUnion(item.names) }
      words.formUnion(item.names)
      if item.kind == .macro { macros.formUnion(item.names) }
      pasted.formUnion(PastePattern.all(in: item))
    case .type:
      words.formUnion(item.names)
      layouts.formUnion(item.names)
    case .member:
      layouts.formUnion(item.owners)
      // Whoever reaches a member of a type that is new, or gone, names the type, or something declared with it.
      let isOfBoth = outlines.allSatisfy { outline in
        outline.items.contains { $0.kind == .type && $0.names == item.owners }
      }
      if isOfBoth || item.owners.isEmpty { words.formUnion(item.names) }
    case .enumerator:
      // An enumerator's value may follow from the one before it.
      let siblings = outlines.flatMap(\.items).filter { $0.kind == .enumerator && $0.owners == item.owners }
      words.formUnion(siblings.flatMap(\.names))
      names.formUnion(siblings.flatMap(\.names))
      words.formUnion(item.owners)
      names.formUnion(item.owners)
    }
  }

  /// Whether a declaration only says that something exists elsewhere: neither data nor a macro, which may stand for
  /// anything.
  private static func isPrototype(_ item: Outline.Item) -> Bool {
    let tokens = item.text.split(separator: " ")
    if tokens.first == "extern" || tokens.first == "typedef" { return true }
    return (tokens.firstIndex(of: "(") ?? 0) > 1 && !tokens.contains("=")
  }

  /// Whether a declaration only names a type, as `struct device;`, which may be repeated.
  private static func isForward(_ item: Outline.Item) -> Bool {
    let tokens = item.text.split(separator: " ")
    return item.kind == .declaration && tokens.count == 3 && ["struct", "union", "enum"].contains(tokens[0])
  }

  private struct Key: Hashable {
    var kind: Outline.Item.Kind
    var names: [String]
    var owners: [String]
    var text: String
    var conditions: String

    init(_ item: Outline.Item) {
      (kind, names, owners, text, conditions) = (item.kind, item.names, item.owners, item.text, item.conditions)
    }
  }
}

/// The outlines of headers, which states and architectures mostly share.
final class HeaderOutlines: Sendable {
  private let known = Mutex<[String: Outline]>([:])

  func outline(of path: String, in view: TreeView) -> Outline {
    // A path alone names the base's file; a state's own file needs its contents in the key.
    let key = view.overlay[path].map { "\(path) \($0.key)" } ?? path
    if let outline = known.withLock({ $0[key] }) { return outline }
    let outline = Outline(view.contents(of: path) ?? [])
    known.withLock { $0[key] = outline }
    return outline
  }
}
