import CSource
public import Diagnostics
import Parallelism

/// The kernel sources a series is generated on. Generation reads them through this and nothing else.
public protocol KernelTree {
  /// A file's bytes, or nil where the tree has no such file.
  func contents(of path: String) throws(Failure) -> [UInt8]?

  /// What `transform` makes of those of some files that the tree has, in their order. It may be called at once for
  /// several.
  func map<Value: Sendable>(
    _ paths: [String], _ transform: @Sendable (_ path: String, _ bytes: [UInt8]) -> Value
  ) throws(Failure) -> [Value]

  /// The C sources and headers that contain any of the words, in path order.
  func paths(containing words: [String]) throws(Failure) -> [String]
}

extension KernelTree {
  public func map<Value: Sendable>(
    _ paths: [String], _ transform: @Sendable (_ path: String, _ bytes: [UInt8]) -> Value
  ) throws(Failure) -> [Value] {
    let files = try paths.map { (path) throws(Failure) in (path, try contents(of: path)) }
    return files.compactMap { path, bytes in bytes.map { transform(path, $0) } }
  }
}

extension SourceFile {
  /// The files of a tree that it has of some paths, by path.
  static func read(_ paths: some Sequence<String>, of tree: some KernelTree) throws(Failure) -> [String: SourceFile] {
    let sources = try tree.map(Array(paths)) { SourceFile(path: $0, bytes: $1) }
    return Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0) })
  }
}
