import CSource
public import Diagnostics
import Parallelism

/// The kernel sources a series is generated on. Generation reads them through this and nothing else.
public protocol KernelTree {
  /// A file's bytes, or nil where the tree has no such file.
  func contents(of path: String) throws(Failure) -> [UInt8]?

  /// The C sources and headers that contain any of the words, in path order.
  func paths(containing words: [String]) throws(Failure) -> [String]
}

extension SourceFile {
  /// The files of a tree that it has of some paths, by path.
  static func read(_ paths: some Sequence<String>, of tree: some KernelTree) throws(Failure) -> [String: SourceFile] {
    var files: [(path: String, bytes: [UInt8])] = []
    for path in paths {
      if let bytes = try tree.contents(of: path) { files.append((path, bytes)) }
    }
    let sources = files.concurrentMap { SourceFile(path: $0.path, bytes: $0.bytes) }
    return Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0) })
  }
}
