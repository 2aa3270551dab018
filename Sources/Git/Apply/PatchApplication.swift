import Diagnostics
import PatchSeries

/// Applies a patch to a tree, file by file, as `git apply` does: libgit2 applies the hunks of each file, and the code here
/// enforces git's rules for names, modes and whole files.
struct PatchApplication {
  let repository: Repository
  let base: ObjectID
  let patch: [UInt8]
  let name: String
  let placement: HunkPlacement
  var findings: [Finding] = []
  var warnings: [Finding] = []
  /// How far from its stated line each hunk that moved applies.
  var distances: [Int] = []
  private var fates: [String: Fate] = [:]
  private var written: [String: Repository.FileEdit] = [:]
  private var removed: Set<String> = []

  /// What the patch does to a file of the base, so far and later (`fn_table` in git's apply.c).
  private enum Fate {
    /// A later part deletes or renames it.
    case goes
    /// An earlier part deleted or renamed it.
    case gone
    case becomes(Repository.FileEdit)
  }

  init(
    of diffs: [FileDiff], in patch: [UInt8], name: String, to base: ObjectID, in repository: Repository,
    placement: HunkPlacement
  ) throws(Failure) {
    self.repository = repository
    self.base = base
    self.patch = patch
    self.name = name
    self.placement = placement
    for diff in diffs where diff.losesOldPath {
      if let path = diff.oldPath { fates[path] = .goes }
    }
    for diff in diffs { try add(diff) }
    try checkFolders(diffs)
    if let diff = diffs.first(where: { !$0.hasPrefix }) {
      warnings.append(
        Finding(
          .warning, at: Place(name, line: diff.number), "paths have no 'a/' and 'b/' in front: read as with -p0"))
    }
  }

  func writeTree() throws(Failure) -> ObjectID {
    var edits: [String: Repository.FileEdit?] = [:]
    // Like git, which removes files before it writes any: two files may swap their names.
    for path in removed { edits[path] = .some(nil) }
    for (path, edit) in written { edits[path] = .some(edit) }
    return try repository.writeTree(editing: edits, over: base)
  }

  /// Applies one file's part, or records why it does not apply.
  private mutating func add(_ diff: FileDiff) throws(Failure) {
    var diff = diff
    let place = Place(name, line: diff.number)
    var old: Repository.FileEdit?
    if let path = diff.oldPath {
      old = try oldFile(of: diff, at: path)
      if old == nil {
        guard diff.mayBeNew, case nil = fates[path] else {
          let verb = diff.status == .deleted ? "deletes" : diff.status == .modified ? "changes" : "renames"
          findings.append(
            Finding(at: place, "patch \(verb) \(path), which does not exist", notes: try hints(forMissing: path)))
          return
        }
        (diff.status, diff.oldPath) = (.added, nil)
      }
    }
    // Also where a rename names one file twice, as in git.
    if let path = diff.newPath, path != diff.oldPath || diff.status != .modified, try isTaken(path) {
      let verb = diff.status == .added ? "adds" : diff.status == .copied ? "copies to" : "renames to"
      findings.append(Finding(at: place, "patch \(verb) \(path), which already exists"))
      return
    }
    for stated in [diff.oldMode, diff.newPath.flatMap { _ in diff.newMode }] {
      guard let stated, let found = old?.mode, stated != found, stated.isFile != found.isFile else { continue }
      findings.append(
        Finding(
          at: place, "\(diff.path) has mode \(found.octal), but the patch states \(stated.octal)",
          notes: ["to turn a file into a link or back, a patch must delete the one and add the other"]))
      return
    }
    let bytes = try old.map { (old) throws(Failure) in try repository.blob(old.id) } ?? []
    let result: ObjectID?
    if diff.binary {
      result = try binaryResult(diff, of: bytes)
    } else {
      result = try textResult(diff, of: bytes)
    }
    if let result { try finish(diff, old: old, new: result) }
  }

  private mutating func finish(_ diff: FileDiff, old: Repository.FileEdit?, new: ObjectID) throws(Failure) {
    if diff.status == .deleted, try repository.withBlob(new, { (bytes) throws(Failure) in !bytes.isEmpty }) {
      let note =
        diff.hunks.isEmpty && !diff.binary
        ? "it does not show the lines: git format-patch -D omits them, so write it without -D"
        : "the file is longer here than on the patch's base"
      findings.append(
        Finding(
          at: Place(name, line: diff.number), "patch deletes \(diff.path), but leaves lines of it", notes: [note]))
      return
    }
    if !diff.binary { checkResult(diff, old: old?.id, new: new) }
    // git treats two different names as a rename even without rename lines.
    if let path = diff.oldPath, diff.newPath != path, diff.status != .copied { removed.insert(path) }
    if let path = diff.newPath {
      let edit = Repository.FileEdit(id: new, mode: diff.newMode ?? old?.mode)
      written[path] = edit
      fates[path] = .becomes(edit)
    }
    if diff.losesOldPath, let path = diff.oldPath { fates[path] = .gone }
  }

  /// Records a finding for each file that would lie below another file or replace a folder: the first might be written
  /// through a link, the second would remove the folder's files.
  private mutating func checkFolders(_ diffs: [FileDiff]) throws(Failure) {
    for diff in diffs {
      // A file changed in place was in a folder, and no folder itself, before.
      guard let path = diff.newPath, diff.status != .modified, written[path] != nil else { continue }
      var problem = try remains(in: path).map { "patch adds \(path), which is a folder with \($0) in it" }
      for (index, byte) in zip(path.utf8.indices, path.utf8) where byte == UInt8(ascii: "/") {
        let folder = String(path[..<index])
        guard let file = try finalFile(at: folder) else { continue }
        problem = "patch adds \(path), but \(folder) is a \(file.mode == .symlink ? "link" : "file")"
      }
      if let problem { findings.append(Finding(at: Place(name, line: diff.number), problem)) }
    }
  }

  /// A file that the patch leaves in a folder of the base, relative to it; nil if there is none.
  private func remains(in folder: String) throws(Failure) -> String? {
    guard let entry = try repository.entry(at: folder, in: base), entry.mode == .directory else { return nil }
    var found: String?
    try repository.walk(entry.id) { (path, _) throws(Failure) in
      if found == nil, !removed.contains("\(folder)/\(path)") { found = path }
    }
    return found
  }

  /// The file that a part starts from; nil if there is none. A rename or copy starts from the base, so that two files can
  /// swap names in one patch.
  private func oldFile(of diff: FileDiff, at path: String) throws(Failure) -> Repository.FileEdit? {
    if diff.status != .renamed, diff.status != .copied {
      switch fates[path] {
      case .becomes(let edit): return edit
      case .gone: return nil
      case .goes, nil: break
      }
    }
    return try baseFile(at: path)
  }

  /// Whether a part cannot create a file because there is one, which stays.
  private func isTaken(_ path: String) throws(Failure) -> Bool {
    switch fates[path] {
    case .becomes: return true
    case .goes, .gone: return false
    case nil: return try baseFile(at: path) != nil
    }
  }

  private func finalFile(at path: String) throws(Failure) -> Repository.FileEdit? {
    if let edit = written[path] { return edit }
    return removed.contains(path) ? nil : try baseFile(at: path)
  }

  private func baseFile(at path: String) throws(Failure) -> Repository.FileEdit? {
    try repository.file(at: path, in: base).map { Repository.FileEdit(id: $0.id, mode: $0.mode) }
  }

  /// Notes on where a missing file may have moved: files of the same name below the folder two levels up.
  private func hints(forMissing path: String) throws(Failure) -> [String] {
    let components = path.split(separator: "/")
    guard let last = components.last, components.count > 1 else { return [] }
    let folder = components.dropLast(2).joined(separator: "/")
    guard !folder.isEmpty, let entry = try repository.entry(at: folder, in: base), entry.mode == .directory else {
      return []
    }
    var found: [String] = []
    try repository.walk(entry.id) { (path, entry) throws(Failure) in
      if entry.name == last { found.append("\(folder)/\(path)") }
    }
    return found.prefix(3).map { "there is \($0)" }
  }
}

extension FileDiff {
  /// Whether the file of the old path is gone afterwards, by what the header says.
  fileprivate var losesOldPath: Bool { status == .deleted || status == .renamed }
}
