import CSource
public import Diagnostics

/// The kernel sources on which a series is generated. Generation reads them only through this protocol.
public protocol KernelTree {
  /// A file's bytes, or nil if the tree has no such file.
  func contents(of path: String) throws(Failure) -> [UInt8]?

  /// The C sources and headers that contain any of the words, in path order.
  func paths(containing words: [String]) throws(Failure) -> [String]
}

extension SourceFile {
  /// Reads those of the given paths that exist in a tree, by path.
  static func read(_ paths: Set<String>, of tree: some KernelTree) throws(Failure) -> [String: SourceFile] {
    var files: [String: SourceFile] = [:]
    for path in paths {
      files[path] = try tree.contents(of: path).map { SourceFile(path: path, bytes: $0) }
    }
    return files
  }
}
