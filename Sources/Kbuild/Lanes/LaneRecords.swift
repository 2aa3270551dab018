import Diagnostics
import FoundationEssentials
import Processes
import Support

/// Kbuild's answers about a lane, recorded in the lane's own folder so that Kbuild is asked once.
///
/// The source tree of a lane never changes, so a record never goes out of date. Records are written atomically and may be
/// read without the lane's lock.
struct LaneRecords: Sendable {
  private let folder: String

  enum Kind: String {
    /// By folder of the tree: the units that its makefile lists.
    case folders
    /// By folder of the tree: the commands of objects whose source has another name.
    case renamed
    /// By source: its commands.
    case sources
    /// By object: how it was built, and what the compiler printed.
    case built
    /// What Kconfig warned of, under the name `kconfig`.
    case configured
    /// By tool: the flags that Kbuild passes to it.
    case flags
  }

  init(_ lane: PreparedLane) {
    folder = Self.folder(in: lane.build)
  }

  /// The folder in a lane's build folder that holds Seriesmith's own files.
  static let folderName = ".seriesmith"

  /// The path of the records' folder in the build folder `build`.
  static func folder(in build: String) -> String { build + "/" + folderName }

  /// Writes a makefile for one run of make and returns its path. The caller must hold the lane's lock.
  func write(makefile: String) throws(Failure) -> String {
    try Files.makeFolder(folder)
    let path = folder + "/run.mk"
    try Files.write(makefile.utf8, to: path)
    return path
  }

  /// The record of the path or tool `key`; nil when it is missing or damaged.
  func read<Value: Decodable>(_ kind: Kind, _ key: String) -> Value? {
    Files.readSealed(path(kind, key)).flatMap { try? JSONDecoder().decode(Value.self, from: Data($0)) }
  }

  func write(_ value: some Encodable, _ kind: Kind, _ key: String) throws(Failure) {
    let path = path(kind, key)
    do {
      let data = try JSONEncoder().encode(value)
      try Files.makeFolder(String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex)))
      try Files.writeSealed(data, to: path)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.unavailable, "cannot record \(key)", notes: ["\(error)"])
    }
  }

  private func path(_ kind: Kind, _ key: String) -> String {
    "\(folder)/\(kind.rawValue)/\(TreePaths.normalized(key)).json"
  }
}
