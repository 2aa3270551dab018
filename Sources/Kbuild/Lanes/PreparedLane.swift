import Diagnostics
import Processes
import Support

/// A checked-out kernel tree that nothing writes to.
public struct SourceTree: Sendable, Hashable {
  /// The absolute path of the folder.
  public var path: String
  /// The id of the git tree that is checked out.
  public var tree: String

  /// Pairs a folder with the git tree checked out there.
  public init(path: String, tree: String) {
    self.path = path
    self.tree = tree
  }
}

/// A lane configured for one source tree, with the headers Kbuild generates: ready to compile single units.
public struct PreparedLane: Sendable, Hashable {
  /// The lane that the folder is configured for.
  public var lane: Lane
  /// The source tree that the lane compiles, which overlays change.
  public var source: SourceTree
  /// The absolute path of the folder Kbuild writes to (`O=`).
  public var build: String
  /// A hash of all that the compiled objects depend on besides their sources: the tree, the lane and the compiler. It is
  /// the same wherever the two folders are.
  public var identity: String

  /// Assembles the value without preparing anything; `Kbuild.prepare` does that.
  public init(lane: Lane, source: SourceTree, build: String, identity: String) {
    self.lane = lane
    self.source = source
    self.build = build
    self.identity = identity
  }
}

extension PreparedLane {
  /// The path of the record of the folder's files. It is missing while make changes them.
  private var record: String { build + "/.ready" }
  /// The path of the record of what an interrupted preparation left.
  private var halt: String { build + "/.halted" }
  /// The path of an empty file that says that the last make ended by itself.
  private var end: String { build + "/.ended" }

  /// Whether the folder's files are as Kbuild left them.
  var isWhole: Bool { isUnchanged(since: record) }

  /// Whether make can go on from what an interrupted preparation left.
  var isHalted: Bool { isUnchanged(since: halt) }

  private func isUnchanged(since record: String) -> Bool {
    FolderRecord(contentsOf: record)?.changed(in: build).isEmpty ?? false
  }

  /// Records the current state of the folder's files.
  func noteWhole() throws(Failure) {
    try Files.remove(end)
    try note(record)
  }

  private func note(_ record: String) throws(Failure) {
    // Empty files are left out: they carry only a time, for Kconfig. Seriesmith's own files have seals.
    try FolderRecord(ofAllIn: build, by: .contents) { path in
      path.hasPrefix(LaneRecords.folderName + "/") || [".ready", ".halted"].contains(path)
    }.write(to: record)
  }

  /// Runs `work`, which prepares the folder. If it is interrupted, `isHalted` tells whether make can go on.
  func preparing(_ work: () async throws(Failure) -> Void) async throws(Failure) {
    try Files.remove(halt)
    do throws(Failure) { try await work() } catch {
      if wasHalted(by: error) { try note(halt) }
      throw Files.explaining(error, at: build)
    }
  }

  /// Runs `work`, which changes the folder. If make is killed, the folder is not whole, and the next run makes it anew.
  func changing<T>(_ work: () async throws(Failure) -> T) async throws(Failure) -> T {
    let wasNoted = Files.exists(record)
    try Files.remove(record)
    let result: T
    do throws(Failure) { result = try await work() } catch {
      if wasNoted, wasHalted(by: error) { try noteWhole() }
      throw Files.explaining(error, at: build)
    }
    if wasNoted { try noteWhole() }
    return result
  }

  /// Whether an interruption let make end by itself. Make waits for what it runs and then removes what is half-written,
  /// as for everyone who presses Ctrl-C in a kernel tree; a make that was killed does not.
  private func wasHalted(by failure: Failure) -> Bool { failure.status == .interrupted && Files.exists(end) }

  /// A command of make that says when it has ended by itself.
  func noting(_ command: Command) -> Command {
    var noting = command
    noting.executable = "sh"
    // The signals reach make, too; the shell outlives it.
    let script = "trap : TERM; rm -f \"$0\"; \"$@\"; status=$?; : >\"$0\"; exit $status"
    noting.arguments = ["-c", script, end, command.executable] + command.arguments
    return noting
  }
}
