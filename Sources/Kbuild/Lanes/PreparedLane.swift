import Diagnostics
import Processes
import Support

/// A checked-out kernel that nothing writes to.
public struct SourceTree: Sendable, Hashable {
  /// The absolute path of the folder.
  public var path: String
  /// The id of the git tree it holds.
  public var tree: String

  public init(path: String, tree: String) {
    self.path = path
    self.tree = tree
  }
}

/// A lane configured for one source tree, with the headers Kbuild generates: ready to compile single units.
public struct PreparedLane: Sendable, Hashable {
  public var lane: Lane
  public var source: SourceTree
  /// The absolute path of the folder Kbuild writes to (`O=`).
  public var build: String
  /// What everything compiled here depends on, besides the sources themselves: a hash of the tree and its place, the
  /// lane and the compiler.
  public var identity: String

  public init(lane: Lane, source: SourceTree, build: String, identity: String) {
    self.lane = lane
    self.source = source
    self.build = build
    self.identity = identity
  }
}

extension PreparedLane {
  /// Holds what the folder's files are like while nobody changes them.
  private var record: String { build + "/.ready" }

  /// Whether the folder's files are as they were when Kbuild was done with them.
  var isWhole: Bool {
    FolderRecord(contentsOf: record)?.changed(in: build).isEmpty ?? false
  }

  /// Keeps what the folder's files are like now.
  func noteWhole() throws(Failure) {
    // Empty ones only have a time, which Kconfig uses; what is ours is sealed by itself.
    try FolderRecord(ofAllIn: build, by: .contents) { path in
      path.hasPrefix(LaneRecords.folderName + "/") || path == ".ready"
    }.write(to: record)
  }

  /// Has make change the folder. If it is interrupted the folder is not whole, and made anew by the next run.
  func changing<T>(_ work: () async throws(Failure) -> T) async throws(Failure) -> T {
    let wasNoted = Files.exists(record)
    try Files.remove(record)
    let result: T
    do throws(Failure) { result = try await work() } catch { throw Files.explaining(error, at: build) }
    if wasNoted { try noteWhole() }
    return result
  }
}
