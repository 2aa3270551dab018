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
  /// Reads those of the given paths that exist in a tree and matter, by path.
  static func read(
    _ paths: Set<String>, of tree: some KernelTree, where matters: (String, [UInt8]) -> Bool
  ) throws(Failure) -> [String: SourceFile] {
    var files: [String: SourceFile] = [:]
    for path in paths {
      guard let bytes = try tree.contents(of: path), matters(path, bytes) else { continue }
      files[path] = SourceFile(path: path, bytes: bytes)
    }
    return files
  }
}
