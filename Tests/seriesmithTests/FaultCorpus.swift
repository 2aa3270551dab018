import Foundation
import Yams

/// The faults of `Faults/*.yaml`.
enum FaultCorpus {
  static let faults: [Fault] = {
    do { return try read() } catch { fatalError("the fault corpus cannot be read: \(error)") }
  }()

  /// A mistake in the corpus, with its place.
  struct Malformed: Error, CustomStringConvertible {
    var description: String
  }

  private static func read() throws -> [Fault] {
    let folder = Command.package + "/Tests/seriesmithTests/Faults"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
    return try names.flatMap { name in
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      let root = try Yams.compose(yaml: text)
      return try (root?.sequence ?? []).map { try Fault(CorpusEntry($0, file: name)) }
    }
  }
}

/// A mapping of the corpus that refuses unknown keys.
struct CorpusEntry {
  private let node: Node
  private let file: String

  init(_ node: Node, file: String) throws {
    self.node = node
    self.file = file
    guard node.mapping != nil else { throw wrong("expected a mapping") }
  }

  /// Returns the mapping, or throws if it has other keys.
  func knowing(_ keys: [String]) throws -> Self {
    for key in (node.mapping?.keys).map(Array.init)?.compactMap(\.string) ?? [] where !keys.contains(key) {
      throw wrong("unknown key '\(key)' (expected one of \(keys.joined(separator: ", ")))")
    }
    return self
  }

  func wrong(_ message: String) -> FaultCorpus.Malformed {
    .init(description: "\(file):\(node.mark?.line ?? 0): \(message)")
  }

  func has(_ key: String) -> Bool { node[key] != nil }

  func text(_ key: String) throws -> String {
    guard let text = node[key]?.scalar?.string else { throw wrong("'\(key)' must be a text") }
    return text
  }

  func optionalText(_ key: String) throws -> String? { has(key) ? try text(key) : nil }

  func number(_ key: String) throws -> Int {
    guard let number = node[key]?.int else { throw wrong("'\(key)' must be a number") }
    return number
  }

  func optionalNumber(_ key: String) throws -> Int? { has(key) ? try number(key) : nil }

  func numbers(_ key: String) throws -> [Int] { try list(key).compactMap(\.int) }

  func texts(_ key: String) throws -> [String] { try list(key).compactMap { $0.scalar?.string } }

  func entry(_ key: String) throws -> CorpusEntry { try entry(node[key]) }

  func entries(_ key: String) throws -> [CorpusEntry] { try list(key).map(entry) }

  private func entry(_ node: Node?) throws -> CorpusEntry {
    guard let node else { throw wrong("a mapping is missing") }
    return try CorpusEntry(node, file: self.file)
  }

  private func list(_ key: String) throws -> [Node] {
    guard let list = node[key]?.sequence else { throw wrong("'\(key)' must be a list") }
    return Array(list)
  }
}
