public import Diagnostics
public import Git
import PatchSeries

/// The trees a series passes through.
public struct SeriesStates: Sendable {
  /// The states of the patches that apply, in order. A patch that was skipped has the state of the one before it.
  public var states: [SeriesState] = []
  /// Warnings about patches that apply, by the patch's index.
  public var warnings: [Int: [Finding]] = [:]
  /// What is wrong with the modes that a patch changes, by the patch's index and the path; nil for a mode that is right.
  public var modes: [Int: [String: Finding?]] = [:]
  /// Why patches do not apply, by their indexes. Unless they were skipped, there is one, after the last state.
  var refused: [Int: [Finding]] = [:]
  /// How far from its stated line each hunk that moved applies, in lines, by the patch's index.
  var distances: [Int: [Int]] = [:]

  /// Why patches do not apply; empty when all do.
  public var findings: [Finding] { refused.sorted { $0.key < $1.key }.flatMap(\.value) }

  /// Every path the series changes at some state.
  var changedPaths: Set<String> { Set(states.flatMap(\.changed)) }

  /// Applies each patch to the tree before it, in memory.
  ///
  /// - Parameter keepsGoing: whether a patch that does not apply is skipped, and those after it applied nevertheless.
  /// - Throws: `Failure(.input)` when a patch is malformed. A patch that does not apply is a result.
  public nonisolated(nonsending) init(
    _ source: SeriesSource, base: ObjectID, in repository: Repository, keepsGoing: Bool = false
  ) async throws(Failure) {
    var before = base
    // The first skipped patch that changes a path.
    var skipped: [String: Int] = [:]
    var overlay: FileChanges = [:]
    // The base's side of each path's first change.
    var inBase: [String: Change] = [:]
    series: for index in 0..<source.count {
      let after: ObjectID
      var place: Place?
      switch source {
      case .commits(let commits): after = commits[index].tree
      case .patches(let patches):
        do throws(Failure) {
          let patch = patches[index].patch
          place = Place(patch.diffName, line: patch.diffLine)
          let applied = try await patches[index].applied(to: before, in: repository)
          after = applied.tree
          let odd = patches[index].warnings + applied.warnings
          if !odd.isEmpty { warnings[index + 1] = odd }
          if !applied.distances.isEmpty { distances[index + 1] = applied.distances }
        } catch  where error.status == .falls {
          let paths = patches[index].patch.files.map(\.path)
          refused[index + 1] = patches[index].warnings + error.adding(notes: Self.needs(paths, skipped)).findings
          guard keepsGoing else { break series }
          for path in paths where skipped[path] == nil { skipped[path] = index + 1 }
          after = before
        }
      }
      let changes = try repository.changes(from: before, to: after, findsRenames: false)
      for change in changes {
        let first = inBase[change.path] ?? change
        inBase[change.path] = first
        overlay[change.path] = try Self.state(after: change, sinceBase: first, in: repository)
      }
      let unseen = try Self.unseen(changes, of: repository, at: place, "patch \(index + 1)")
      if !unseen.isEmpty { warnings[index + 1, default: []] += unseen }
      modes[index + 1] = try Self.modes(changes, in: repository)
      states.append(
        SeriesState(
          index: index + 1, subject: source.subjects[index], tree: after.hex, overlay: overlay,
          changed: changes.map(\.path)))
      before = after
    }
    if let summary = offsets(source) { warnings[summary.patch, default: []].insert(summary.finding, at: 0) }
  }

  /// What a patch that does not apply may need.
  private static func needs(_ paths: [String], _ skipped: [String: Int]) -> [String] {
    guard let path = paths.first(where: { skipped[$0] != nil }), let patch = skipped[path] else { return [] }
    return ["it may need patch \(patch), which was skipped: both change \(path)"]
  }

  /// How far off the whole series is, for its first patch that is.
  private func offsets(_ source: SeriesSource) -> (patch: Int, finding: Finding)? {
    guard case .patches(let patches) = source, distances.count > 1, let first = distances.keys.min() else { return nil }
    let hunks = distances.values.map(\.count).reduce(0, +)
    let farthest = distances.values.joined().map(abs).max() ?? 0
    return (
      first,
      Finding(
        .warning, at: Place(patches[first - 1].patch.fileName),
        "\(hunks.counted("hunk")) in \(distances.count) of \(patches.count) patches "
          + "apply up to \(farthest.counted("line")) from where they say",
        notes: ["the series was made on another base; --exact refuses it"])
    )
  }

  /// How a path differs from the base; nil if it does not.
  private static func state(
    after change: Change, sinceBase first: Change, in repository: Repository
  ) throws(Failure) -> FileState? {
    guard let id = change.newID, change.newMode?.isFile == true else { return first.oldID == nil ? nil : .deleted }
    if first.oldID == id, first.oldMode?.isFile == true { return nil }
    return .contents(id: id.hex, bytes: try repository.blob(id))
  }

  /// A warning for each path that becomes a link or a submodule: compilers see only the regular files of a state.
  ///
  /// - Throws: `Failure(.input)` for a path or a link that could lead out of the tree.
  private static func unseen(
    _ changes: [Change], of repository: Repository, at place: Place?, _ patch: String
  ) throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for change in changes {
      if let problem = TreePath.problem(change.path, isLink: change.newMode == .symlink) {
        throw Failure(.input, at: place, "\(patch) names \(PathQuoting.quoted(change.path)), \(problem)")
      }
      guard let id = change.newID, let mode = change.newMode, !mode.isFile else { continue }
      if mode == .symlink {
        let target = String(decoding: try repository.blob(id), as: UTF8.self)
        guard TreePath.staysInside(target, from: change.path) else {
          throw Failure(
            .input, at: place,
            "\(patch) makes \(change.path) a link out of the tree, to \(PathQuoting.quoted(target))")
        }
      }
      let kind = mode == .symlink ? "link" : "submodule"
      found.append(
        Finding(.warning, at: place, "\(change.path) becomes a \(kind): what is built through it is not checked"))
    }
    return found
  }

  /// Judges the modes that a patch changes: scripts are executable, other files are not. Git applies either without a
  /// warning.
  private static func modes(_ changes: [Change], in repository: Repository) throws(Failure) -> [String: Finding?] {
    var found: [String: Finding?] = [:]
    for change in changes where change.newMode != change.oldMode {
      let gains = change.newMode == .executable
      var problem: String?
      if let id = change.newID, gains || change.oldMode == .executable, change.newMode?.isFile == true {
        let isScript = try repository.withBlob(id) { (bytes) throws(Failure) in bytes.starts(with: "#!".utf8) }
        switch (gains, isScript) {
        case (true, false): problem = "becomes executable (mode 100755) but is not a script"
        case (false, true): problem = "is a script but is no longer executable (mode 100644)"
        default: break
        }
      }
      found[change.path] = .some(problem.map { Finding(at: Place(change.path), $0) })
    }
    return found
  }
}
