public import Diagnostics
import Processes
import Support

/// Changed files laid over a source tree, so that the compiler sees the tree of a commit.
///
/// For clang, this is a file for `-ivfsoverlay`. Files keep their paths in the tree in diagnostics, in `__FILE__` and in
/// dependency files, and are found however an `#include` reaches them, `../` included. A deleted file is mapped to a file
/// that does not exist; clang reports it as not found, since it does not fall back to the real file for such an entry.
///
/// GCC has no such option. It compiles in a copy of the tree whose unchanged files are links.
public struct Overlay: Sendable, Hashable {
  /// The path of the overlay file to pass to clang.
  public var path: String
  /// The path of the copy of the tree for GCC; nil if none was asked for.
  public var tree: String?

  /// Writes the files of `changes` and the overlay file into a new folder `folder`.
  ///
  /// - Parameters:
  ///   - changes: by path in the tree, the new bytes of changed and added files, nil for deleted ones.
  ///   - folder: the absolute path of a folder that nothing else uses. The caller removes it.
  /// - Throws: `Failure(.unavailable)` when the files cannot be written.
  public init(_ changes: [String: [UInt8]?], over source: SourceTree, in folder: String) throws(Failure) {
    try Files.makeFolder(folder)
    var entries: [(name: String, contents: String)] = []
    for (index, change) in changes.sorted(by: { $0.key < $1.key }).enumerated() {
      let contents = "\(folder)/\(index)"
      if let bytes = change.value { try Files.write(bytes, to: contents) }
      entries.append(("\(source.path)/\(change.key)", contents))
    }
    path = folder + "/overlay.json"
    try Files.write(Self.render(entries).utf8, to: path)
  }

  /// Writes the changes into a new copy of the tree, whose other files are links to those of `source`: 3 s for Linux.
  ///
  /// - Throws: `Failure(.unavailable)` when the tree cannot be made; `Failure(.interrupted)`.
  mutating func copy(_ source: SourceTree, with changes: [String: [UInt8]?], in folder: String) async throws(Failure) {
    let tree = folder + "/tree"
    try await requireSuccess(
      Command("cp", ["--archive", "--link", source.path, tree]), to: "make links to the files of \(source.path)")
    // A folder may take the place of a file.
    for path in changes.keys { try Files.remove("\(tree)/\(path)") }
    for case (let path, let bytes?) in changes {
      if let slash = path.lastIndex(of: "/") { try Files.makeFolder("\(tree)/\(path[..<slash])") }
      try Files.write(bytes, to: "\(tree)/\(path)")
    }
    self.tree = tree
  }

  /// The overlay file as JSON. Clang reads YAML, which includes JSON.
  static func render(_ entries: [(name: String, contents: String)]) -> String {
    let roots = entries.map { entry in
      "  {\"type\": \"file\", \"name\": \(quoted(entry.name)), \"external-contents\": \(quoted(entry.contents))}"
    }
    return """
      {"version": 0, "case-sensitive": true, "use-external-names": false, "roots": [
      \(roots.joined(separator: ",\n"))
      ]}

      """
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
