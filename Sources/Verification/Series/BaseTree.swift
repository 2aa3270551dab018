import Diagnostics
import Support
import SystemPackage

/// The base's files as a folder on disk, which every lane and every state builds on.
public struct BaseTree: Sendable {
  /// The tree's object id in hexadecimal.
  public let id: String
  /// The folder that holds the files.
  public let directory: String
  /// Every regular file of the tree, sorted.
  public let paths: [String]
  private let known: Set<String>

  /// - Parameters:
  ///   - id: the tree's object id in hexadecimal.
  ///   - paths: every regular file of the tree, in any order.
  public init(id: String, directory: String, paths: [String]) {
    self.id = id
    self.directory = directory
    self.paths = paths.sorted()
    self.known = Set(paths)
  }

  /// Whether the base has a regular file at a path.
  public func has(_ path: String) -> Bool { known.contains(path) }

  /// The bytes of a file of the base; nil when the base has no such file.
  public func contents(of path: String) -> [UInt8]? {
    known.contains(path) ? Files.readRegular("\(directory)/\(path)") : nil
  }
}

/// A state's files: the base with an overlay.
public struct TreeView: Sendable {
  /// The tree under the overlay.
  public let base: BaseTree
  /// How the state differs from the base.
  public let overlay: FileChanges

  /// - Parameter overlay: how the state differs from the base; empty for the base itself.
  public init(base: BaseTree, overlay: FileChanges = [:]) {
    self.base = base
    self.overlay = overlay
  }

  /// A digest that identifies the files as a whole.
  var key: String {
    VerdictKey([base.id] + overlay.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value.key] }).digest
  }

  /// Whether the state has a regular file at a path.
  public func has(_ path: String) -> Bool {
    switch overlay[path] {
    case .contents: true
    case .deleted: false
    case nil: base.has(path)
    }
  }

  /// The bytes of a file; nil when there is none.
  public func contents(of path: String) -> [UInt8]? {
    switch overlay[path] {
    case .contents(_, let bytes): bytes
    case .deleted: nil
    case nil: base.contents(of: path)
    }
  }
}
