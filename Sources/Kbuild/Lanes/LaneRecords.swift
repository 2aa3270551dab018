import Diagnostics
import FoundationEssentials
import Processes
import Support

/// What is remembered of a lane in its own folder, so that Kbuild is asked once.
///
/// The source tree of a lane never changes, so nothing here ever goes out of date. A record is written at once or not at
/// all, and may be read without the lane's lock.
struct LaneRecords: Sendable {
  private let folder: String

  enum Kind: String {
    /// By folder of the tree: what its makefile lists.
    case folders
    /// By folder of the tree: the commands of the objects whose source has another name.
    case renamed
    /// By source: its commands.
    case sources
    /// By object: how it was built, and what the compiler printed.
    case built
    /// By tool: what Kbuild gives it.
    case flags
  }

  init(_ lane: PreparedLane) {
    folder = Self.folder(in: lane.build)
  }

  /// What is not Kbuild's in a lane's folder is in here.
  static let folderName = ".seriesmith"

  /// The folder of a lane's records in the folder it is built in.
  static func folder(in build: String) -> String { build + "/" + folderName }

  /// Writes a makefile for one run of make, and returns its path. Needs the lane's lock.
  func write(makefile: String) throws(Failure) -> String {
    try Files.makeFolder(folder)
    let path = folder + "/run.mk"
    try Files.write(makefile.utf8, to: path)
    return path
  }

  /// The record of `key`, a path; nil when there is none, or when it is damaged.
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
      throw Failure(.unavailable, "cannot remember \(key)", notes: ["\(error)"])
    }
  }

  private func path(_ kind: Kind, _ key: String) -> String {
    "\(folder)/\(kind.rawValue)/\(TreePaths.normalized(key)).json"
  }
}
