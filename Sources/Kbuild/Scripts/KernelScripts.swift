import Diagnostics
import FoundationEssentials
import Processes
import Support

/// The style and documentation checkers that a kernel tree carries for its own patches, run from that tree.
///
/// Their findings do not depend on the machine: they see no git repository, no user configuration and no optional
/// dictionary. They write nothing into the tree.
public struct KernelScripts: Sendable, Hashable {
  /// The tree whose scripts are run: a series' base.
  public var source: SourceTree

  /// The scripts of `source`.
  public init(_ source: SourceTree) {
    self.source = source
  }

  /// The variables that the scripts inherit: the search path, and a home folder without the user's files.
  static func environment(home: String) -> [String: String] {
    let path = Kbuild.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return ["PATH": path, "HOME": home, "LC_ALL": "C", "PERL_HASH_SEED": "0", "PYTHONDONTWRITEBYTECODE": "1"]
  }

  /// Throws `Failure(.unavailable)` naming the package if `program` is not on `PATH`.
  static func require(_ program: String, for script: String) throws(Failure) {
    guard which(program) == nil else { return }
    throw Failure(
      .unavailable, "\(script) needs \(program), which is not on PATH", notes: DebianPackage.advice(for: program))
  }
}

/// The folder checkpatch runs in: the tree before the patch, as links into the base.
///
/// The script reads a changed file and MAINTAINERS from its working directory. It also writes a list of the names in
/// `include/` there, which takes seconds to make and is kept for the next call.
struct CheckpatchFolder {
  let path: String
  private let source: SourceTree
  /// The folder that keeps the list of names.
  private let kept: String
  private static let namesPrefix = ".checkpatch-camelcase."

  init(_ source: SourceTree, before: [String: [UInt8]?], scratch: String) throws(Failure) {
    self.source = source
    path = "\(scratch)/checkpatch-\(UUID().uuidString)"
    kept = "\(scratch)/checkpatch-names-\(source.tree)"
    do throws(Failure) {
      try Files.makeFolder(path)
      try Files.makeFolder(kept)
      // Real folders and files come first, so that nothing is written through a link.
      var folders: Set<String> = []
      for (file, bytes) in before {
        for parent in Self.folders(above: file) where folders.insert(parent).inserted {
          try Files.makeFolder("\(path)/\(parent)")
        }
        if let bytes { try Files.write(bytes, to: "\(path)/\(file)") }
      }
      try link("", real: folders, without: Set(before.keys))
      for name in Files.names(in: kept) { try Self.link("\(path)/\(name)", to: "\(kept)/\(name)") }
    } catch {
      try? Files.remove(path)
      throw error
    }
  }

  /// Removes the folder, but keeps the list of names if the script wrote one.
  func remove() {
    for name in Files.names(in: path) where name.hasPrefix(Self.namesPrefix) {
      if !Files.exists("\(kept)/\(name)") { try? Files.rename("\(path)/\(name)", to: "\(kept)/\(name)") }
    }
    try? Files.remove(path)
  }

  /// Links the entries of `folder` in the base; descends into the folders that are real here.
  private func link(_ folder: String, real: Set<String>, without: Set<String>) throws(Failure) {
    for name in Files.names(in: "\(source.path)/\(folder)") where name != ".git" {
      let entry = folder.isEmpty ? name : "\(folder)/\(name)"
      if real.contains(entry) {
        try link(entry, real: real, without: without)
      } else if !without.contains(entry) {
        try Self.link("\(path)/\(entry)", to: "\(source.path)/\(entry)")
      }
    }
  }

  private static func link(_ path: String, to target: String) throws(Failure) {
    do {
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    } catch {
      throw Failure(.unavailable, "cannot make the link \(path)", notes: ["\(error)"])
    }
  }

  private static func folders(above file: String) -> [String] {
    let parts = file.split(separator: "/").dropLast()
    return parts.indices.map { parts[...$0].joined(separator: "/") }
  }
}
