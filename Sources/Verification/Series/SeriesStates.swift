public import Diagnostics
public import Git
import PatchSeries

/// The trees a series passes through.
public struct SeriesStates: Sendable {
  /// The states of the patches that apply, in order.
  public var states: [SeriesState] = []
  /// Warnings about patches that apply, by the patch's index.
  public var warnings: [Int: [Finding]] = [:]
  /// Files that a patch makes executable although they are not scripts, by the patch's index.
  public var modes: [Int: [String]] = [:]
  /// Why the patch after the last state does not apply; empty when all do.
  public var findings: [Finding] = []

  /// Every path the series changes at some state.
  var changedPaths: Set<String> { Set(states.flatMap(\.changed)) }

  /// Applies each patch to the tree before it, in memory.
  ///
  /// - Throws: `Failure(.input)` when a patch is malformed. A patch that does not apply is a result.
  public init(
    _ source: SeriesSource, base: ObjectID, in repository: Repository
  ) throws(Failure) {
    var before = base
    var changes: FileChanges = [:]
    for index in 0..<source.count {
      let after: ObjectID
      var place: Place?
      switch source {
      case .commits(let commits): after = commits[index].tree
      case .patches(let patches):
        do throws(Failure) {
          let patch = patches[index].patch
          place = Place(patch.diffName, line: patch.diffLine)
          let applied = try repository.applying(
            patch.diff, to: before, name: patch.diffName, firstLine: patch.diffLine,
            placement: patches[index].placement)
          after = applied.tree
          let odd = patches[index].warnings + applied.warnings
          if !odd.isEmpty { warnings[index + 1] = odd }
        } catch  where error.status == .falls {
          findings = error.findings
          return
        }
      }
      let changed = try Self.advance(&changes, from: before, to: after, base: base, in: repository)
      let unseen = try Self.unseen(changed, in: after, of: repository, at: place, "patch \(index + 1)")
      if !unseen.isEmpty { warnings[index + 1, default: []] += unseen }
      modes[index + 1] = try Self.madeExecutable(changed, from: before, to: after, in: repository)
      states.append(
        SeriesState(
          index: index + 1, subject: source.subjects[index], tree: after.hex, overlay: changes, changed: changed))
      before = after
    }
  }

  /// A warning for each of `paths` that becomes a link or a submodule: compilers see only the regular files of a state.
  ///
  /// - Throws: `Failure(.input)` for a path or a link that could lead out of the tree.
  private static func unseen(
    _ paths: [String], in tree: ObjectID, of repository: Repository, at place: Place?, _ patch: String
  ) throws(Failure) -> [Finding] {
    var found: [Finding] = []
    for path in paths {
      if let problem = TreePath.problem(path) {
        throw Failure(.input, at: place, "\(patch) names \(PathQuoting.quoted(path)), \(problem)")
      }
      guard let entry = try repository.entry(at: path, in: tree), !entry.mode.isFile else { continue }
      if entry.mode == .symlink {
        let target = String(decoding: try repository.blob(entry.id), as: UTF8.self)
        guard TreePath.staysInside(target, from: path) else {
          throw Failure(
            .input, at: place, "\(patch) makes \(path) a link out of the tree, to \(PathQuoting.quoted(target))")
        }
      }
      let kind = entry.mode == .symlink ? "link" : "submodule"
      found.append(Finding(.warning, at: place, "\(path) becomes a \(kind): what is built through it is not checked"))
    }
    return found
  }

  /// The `paths` that become executable although they are not scripts: git applies such a patch without a warning.
  private static func madeExecutable(
    _ paths: [String], from before: ObjectID, to after: ObjectID, in repository: Repository
  ) throws(Failure) -> [String] {
    var found: [String] = []
    for path in paths {
      guard let entry = try repository.entry(at: path, in: after), entry.mode == .executable,
        try repository.entry(at: path, in: before)?.mode != .executable,
        try repository.withBlob(entry.id, { (bytes) throws(Failure) in !bytes.starts(with: "#!".utf8) })
      else { continue }
      found.append(path)
    }
    return found
  }

  /// Brings `changes` from the difference base → before to base → after, and returns the paths changed in between.
  private static func advance(
    _ changes: inout FileChanges, from before: ObjectID, to after: ObjectID, base: ObjectID, in repository: Repository
  ) throws(Failure) -> [String] {
    var changed: Set<String> = []
    for change in try repository.changes(from: before, to: after) {
      for path in Set([change.path, change.oldPath ?? change.path]) {
        changed.insert(path)
        let entry = try repository.entry(at: path, in: after)
        let old = try repository.entry(at: path, in: base)
        if let entry, entry.mode.isFile {
          let same = old.map { $0.id == entry.id && $0.mode.isFile } ?? false
          changes[path] = same ? nil : .contents(id: entry.id.hex, bytes: try repository.blob(entry.id))
        } else {
          changes[path] = old == nil ? nil : .deleted
        }
      }
    }
    return changed.sorted()
  }
}
