import Diagnostics
import PatchSeries

/// The `diff` attributes of a tree's files, from the tree's own `.gitattributes` files.
///
/// The machine's configuration and the work tree are ignored, so a diff depends only on its trees.
final class Attributes {
  enum DiffAttribute: Hashable {
    case unspecified, text, binary
    case driver(String)
  }

  private struct Rule {
    var pattern: [UInt8]
    /// Whether the pattern matches the path below the folder of its `.gitattributes`, not only the last component.
    var matchesPath: Bool
    var attribute: DiffAttribute
  }

  private let repository: Repository
  private let tree: ObjectID
  private var rules: [String: [Rule]] = [:]

  init(_ repository: Repository, tree: ObjectID) {
    self.repository = repository
    self.tree = tree
  }

  /// Whether a change touches a `.gitattributes` file.
  static func areChanged(by change: Change) -> Bool {
    [change.path, change.oldPath].contains { $0?.split(separator: "/").last == name[...] }
  }

  private static let name = ".gitattributes"

  func diff(of path: String) throws(Failure) -> DiffAttribute {
    let components = path.split(separator: "/")
    let name = Array((components.last ?? "").utf8)
    for depth in stride(from: components.count - 1, through: 0, by: -1) {
      let folder = components[..<depth].joined(separator: "/")
      let below = Array(components[depth...].joined(separator: "/").utf8)
      // The nearest file with a match decides, and in it the last matching line.
      let rule = try rules(in: folder).last { Glob.matches($0.pattern, $0.matchesPath ? below : name) }
      if let rule { return rule.attribute }
    }
    return .unspecified
  }

  private func rules(in folder: String) throws(Failure) -> [Rule] {
    if let known = rules[folder] { return known }
    let path = folder.isEmpty ? Self.name : "\(folder)/\(Self.name)"
    let text = String(decoding: try repository.contents(of: path, in: tree) ?? [], as: UTF8.self)
    let found = text.split(whereSeparator: \.isNewline).compactMap { Self.rule($0) }
    rules[folder] = found
    return found
  }

  private static func rule(_ line: Substring) -> Rule? {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard var pattern = words.first, !pattern.hasPrefix("#"), !pattern.hasSuffix("/") else { return nil }
    var attribute: DiffAttribute?
    for word in words.dropFirst() {
      switch word {
      case "diff": attribute = .text
      case "-diff", "binary": attribute = .binary
      case "!diff": attribute = .unspecified
      default: if word.hasPrefix("diff=") { attribute = .driver(String(word.dropFirst("diff=".count))) }
      }
    }
    guard let attribute else { return nil }
    let matchesPath = pattern.contains("/")
    if pattern.hasPrefix("/") { pattern = pattern.dropFirst() }
    return Rule(pattern: Array(pattern.utf8), matchesPath: matchesPath, attribute: attribute)
  }
}
