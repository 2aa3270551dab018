import Diagnostics
import FoundationEssentials
import Processes
import Support

/// The files that a unit reads in the tree of a commit, as a folder of links.
///
/// Sparse does not support overlays. Each folder is real, so that `../` leads to the commit's files as well.
struct SparseTree {
  let path: String

  /// - Parameter files: the paths of the files in the source tree.
  init(_ files: [String], of source: SourceTree, overlay: Overlay?, in path: String) throws(Failure) {
    self.path = path
    let changed = try overlay.map { (overlay) throws(Failure) in try Self.contents(of: overlay) } ?? [:]
    var folders: Set<Substring> = []
    for file in files {
      if let slash = file.lastIndex(of: "/"), folders.insert(file[..<slash]).inserted {
        try Files.makeFolder("\(path)/\(file[..<slash])")
      }
      let original = "\(source.path)/\(file)"
      do {
        try FileManager.default.createSymbolicLink(
          atPath: "\(path)/\(file)", withDestinationPath: changed[original] ?? original)
      } catch {
        throw Failure(.unavailable, "cannot make the link \(path)/\(file)", notes: ["\(error)"])
      }
    }
  }

  private struct Listing: Decodable {
    struct Entry: Decodable {
      var name: String
      var contents: String

      enum CodingKeys: String, CodingKey {
        case name
        case contents = "external-contents"
      }
    }

    var roots: [Entry]
  }

  /// The path of each overlay file's contents, by the path that the file is laid over.
  private static func contents(of overlay: Overlay) throws(Failure) -> [String: String] {
    guard let bytes = Files.read(overlay.path),
      let listing = try? JSONDecoder().decode(Listing.self, from: Data(bytes))
    else { throw Failure(.unavailable, "cannot read the overlay \(overlay.path)") }
    return Dictionary(listing.roots.map { ($0.name, $0.contents) }) { $1 }
  }
}
