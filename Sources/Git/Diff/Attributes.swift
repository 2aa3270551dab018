import Diagnostics
import PatchSeries

/// The `diff` attribute of a tree's files, from the `.gitattributes` files of that tree.
///
/// Neither the machine's configuration nor the work tree is asked, so that a diff depends on its trees only.
final class Attributes {
  enum DiffAttribute: Hashable {
    case unspecified, text, binary
    case driver(String)
  }

  private struct Rule {
    var pattern: [UInt8]
    /// Whether the pattern is matched against the path below its file's folder, not the last component.
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

  /// Whether a change is one of attributes.
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
      // The nearest file decides, and in it the last line that matches.
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
