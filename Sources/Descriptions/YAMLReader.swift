import Diagnostics
import Foundation
import Yams

/// Reads one YAML file strictly: it refuses unknown keys and values of the wrong type, and every error has its place.
struct YAMLReader {
  let file: String

  /// Parses a file and returns its root; refuses anchors, aliases and blanks.
  static func map(_ text: String, file: String) throws(Failure) -> (reader: YAMLReader, root: Node) {
    let reader = YAMLReader(file: file)
    do {
      // Yams expands aliases and compares all keys: a few nested aliases can keep it busy forever. An alias needs an
      // anchor, which starts with '&'. With '@' in its place, which starts nothing in YAML, Yams fails at once.
      _ = try compose(text.replacing("&", with: "@"))
      guard let root = try compose(text) else {
        throw Failure(.input, at: Place(file, line: 1), "is empty")
      }
      let blanks = reader.blanks(in: root)
      guard blanks.isEmpty else { throw Failure(.input, blanks) }
      return (reader, root)
    } catch let failure as Failure {
      throw failure
    } catch let error as YamlError {
      throw reader.failure(error)
    } catch {
      throw Failure(.input, at: Place(file), "is not YAML: \(error)")
    }
  }

  /// Parses every scalar as text: its key decides what it means. The encoding is given, since Yams would otherwise look
  /// for it in the environment.
  private static func compose(_ text: String) throws -> Node? {
    try Yams.compose(yaml: text, .basic, .default, .utf8)
  }

  private func failure(_ error: YamlError) -> Failure {
    switch error {
    case .scanner(_, _, let mark, let yaml) where Self.anchor(at: mark, in: yaml):
      return Failure(
        .input, at: Place(file, line: mark.line, column: mark.column), "anchors and aliases are not supported",
        notes: ["write the value out where it is used"])
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return Failure(.input, at: Place(file, line: mark.line, column: mark.column), "not valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      return Failure(
        .input, at: Place(file, line: context.mark.line, column: context.mark.column),
        "the key \(duplicates.map { "'\($0)'" }.joined(separator: ", ")) occurs more than once")
    default:
      return Failure(.input, at: Place(file), "not valid YAML: \(error)")
    }
  }

  /// Whether an anchor starts at `mark`, in the text with '@' for '&'.
  private static func anchor(at mark: Mark, in yaml: String) -> Bool {
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return false }
    return lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first == "@"
  }

  /// A finding for each blank that a draft left to fill in.
  private func blanks(in node: Node) -> [Finding] {
    if let mapping = node.mapping { return mapping.flatMap { blanks(in: $0.value) } }
    if let sequence = node.sequence { return sequence.flatMap(blanks) }
    guard let scalar = node.scalar, scalar.tag.description == Blank.tag else { return [] }
    return [Finding(at: place(node), "is still blank: \(scalar.string)")]
  }

  func place(_ node: Node) -> Place {
    Place(file, line: node.mark?.line, column: node.mark?.column)
  }

  func error(_ node: Node, _ message: String, notes: [String] = []) -> Failure {
    Failure(.input, at: place(node), message, notes: notes)
  }

  // MARK: Values

  func text(_ node: Node, _ what: String) throws(Failure) -> String {
    guard let scalar = node.scalar else {
      throw error(node, "\(what) must be a text, not a \(kind(node))")
    }
    return scalar.string
  }

  func list(_ node: Node, _ what: String) throws(Failure) -> [Node] {
    guard let sequence = node.sequence else {
      throw error(node, "\(what) must be a list, not a \(kind(node))")
    }
    return Array(sequence)
  }

  func texts(_ node: Node, _ what: String) throws(Failure) -> [String] {
    var result: [String] = []
    for item in try list(node, what) { result.append(try text(item, "an entry of \(what)")) }
    return result
  }

  private func kind(_ node: Node) -> String {
    if node.mapping != nil { return "mapping" }
    return node.sequence != nil ? "list" : "text"
  }

  /// A mapping with only the given keys.
  func fields(_ node: Node, _ what: String, keys: [String]) throws(Failure) -> Fields {
    guard let mapping = node.mapping else {
      throw error(node, "\(what) must be a mapping, not a \(kind(node))")
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      let name = try text(key, "a key of \(what)")
      guard keys.contains(name) else {
        throw error(
          key, "unknown key '\(name)' in \(what)",
          notes: (name.nearest(among: keys).map { ["did you mean '\($0)'?"] } ?? []) + [
            "expected one of: " + keys.joined(separator: ", ")
          ])
      }
      values[name] = value
    }
    return Fields(reader: self, node: node, what: what, values: values)
  }
}

/// The values of one mapping, by key.
struct Fields {
  let reader: YAMLReader
  let node: Node
  let what: String
  let values: [String: Node]

  var place: Place { reader.place(node) }

  func has(_ key: String) -> Bool { values[key] != nil }

  func required(_ key: String) throws(Failure) -> Node {
    guard let value = values[key] else {
      throw reader.error(node, "\(what) lacks the key '\(key)'")
    }
    return value
  }

  func text(_ key: String) throws(Failure) -> String {
    try reader.text(try required(key), "'\(key)' of \(what)")
  }

  func textIfPresent(_ key: String) throws(Failure) -> String? {
    guard let value = values[key] else { return nil }
    return try reader.text(value, "'\(key)' of \(what)")
  }

  func number(_ key: String) throws(Failure) -> Int {
    let text = try text(key)
    guard let number = Int(text), number > 0 else {
      throw Failure(.input, at: place(key), "'\(key)' of \(what) must be a number above 0, not '\(text)'")
    }
    return number
  }

  func numberIfPresent(_ key: String) throws(Failure) -> Int? { has(key) ? try number(key) : nil }

  func listIfPresent(_ key: String) throws(Failure) -> [Node] {
    guard let value = values[key] else { return [] }
    return try reader.list(value, "'\(key)' of \(what)")
  }

  func textsIfPresent(_ key: String) throws(Failure) -> [String] {
    guard let value = values[key] else { return [] }
    return try reader.texts(value, "'\(key)' of \(what)")
  }

  func place(_ key: String) -> Place {
    values[key].map(reader.place) ?? place
  }
}
