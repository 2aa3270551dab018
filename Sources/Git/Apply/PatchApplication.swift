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
  private(set) var findings: [Finding] = []
  private(set) var warnings: [Finding] = []
  private var written: [String: Repository.FileEdit] = [:]
  private var removed: Set<String> = []

  init(repository: Repository, base: ObjectID, patch: [UInt8], name: String, placement: HunkPlacement) {
    self.repository = repository
    self.base = base
    self.patch = patch
    self.name = name
    self.placement = placement
  }

  func writeTree() throws(Failure) -> ObjectID {
    var edits: [String: Repository.FileEdit?] = [:]
    for path in removed { edits[path] = .some(nil) }
    for (path, edit) in written { edits[path] = .some(edit) }
    return try repository.writeTree(editing: edits, over: base)
  }

  /// Applies one file's part, or records why it does not apply.
  mutating func add(_ diff: FileDiff) throws(Failure) {
    let place = Place(name, line: diff.number)
    var old: Repository.FileEdit?
    if let path = diff.oldPath {
      // A rename or copy starts from the file in the base, so that two files can swap names in one patch.
      let fresh = diff.status == .renamed || diff.status == .copied
      guard let file = try file(at: path, afterPatch: !fresh) else {
        let verb = diff.status == .deleted ? "deletes" : diff.status == .modified ? "changes" : "renames"
        findings.append(
          Finding(at: place, "patch \(verb) \(path), which does not exist", notes: try hints(forMissing: path)))
        return
      }
      old = file
    }
    if let path = diff.newPath, path != diff.oldPath, try file(at: path, afterPatch: true) != nil {
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
      findings.append(
        Finding(
          at: Place(name, line: diff.number), "patch deletes \(diff.path), but leaves lines of it",
          notes: ["the file is longer here than on the patch's base"]))
      return
    }
    if !diff.binary { checkResult(diff, old: old?.id, new: new) }
    // git treats two different names as a rename even without rename lines.
    if let path = diff.oldPath, diff.newPath != path, diff.status != .copied {
      removed.insert(path)
      if diff.status == .deleted { written[path] = nil }
    }
    if let path = diff.newPath {
      written[path] = Repository.FileEdit(id: new, mode: diff.newMode ?? old?.mode)
    }
  }

  /// Records a finding for each file that would lie below another file or replace a folder: the first might be written
  /// through a link, the second would remove the folder's files.
  mutating func checkFolders(_ diffs: [FileDiff]) throws(Failure) {
    for diff in diffs {
      // A file changed in place was in a folder, and no folder itself, before.
      guard let path = diff.newPath, diff.status != .modified, written[path] != nil else { continue }
      var problem = try remains(in: path).map { "patch adds \(path), which is a folder with \($0) in it" }
      for (index, byte) in zip(path.utf8.indices, path.utf8) where byte == UInt8(ascii: "/") {
        let folder = String(path[..<index])
        guard let file = try file(at: folder, afterPatch: true) else { continue }
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

  /// The file at `path`: in the base, or after the parts of the patch applied so far.
  private func file(at path: String, afterPatch: Bool) throws(Failure) -> Repository.FileEdit? {
    if afterPatch {
      if let edit = written[path] { return edit }
      if removed.contains(path) { return nil }
    }
    return try repository.file(at: path, in: base).map { Repository.FileEdit(id: $0.id, mode: $0.mode) }
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

  /// The file with its hunks applied; nil if one of them does not apply.
  private mutating func textResult(_ diff: FileDiff, of bytes: [UInt8]) throws(Failure) -> ObjectID? {
    if diff.hunks.isEmpty { return try repository.writeBlob(bytes) }
    let target = HunkFit(bytes, placement)
    let placed = target.placed(diff.hunks)
    let place = Place(name, line: diff.number)
    guard let patch = Libgit2Apply(hunks: placed, of: bytes) else {
      findings.append(
        Finding(
          at: place, "patch of \(diff.path) cannot be applied",
          notes: ["its hunks hold zero bytes, and the file every other byte: mark it as binary in .gitattributes"]))
      return nil
    }
    // First check the rules of git that libgit2 does not enforce.
    if !placed.contains(where: { target.problemAtEnd(of: $0) != nil }) {
      switch try patch.apply(to: bytes, in: repository) {
      case .success(let id):
        warn(of: zip(diff.hunks, placed).map { ($0, $1.oldStart - $0.oldStart) }.filter { $0.1 != 0 }, in: diff)
        return id
      case .failure(let refusal):
        let problems = target.problems(with: placed, in: diff, patch: name)
        findings += problems
        if problems.isEmpty {
          findings.append(Finding(at: place, "patch of \(diff.path) does not apply", notes: [refusal.reason]))
        }
      }
    } else {
      findings += target.problems(with: placed, in: diff, patch: name)
    }
    return nil
  }

  private mutating func warn(of moved: [(hunk: Hunk, distance: Int)], in diff: FileDiff) {
    guard let first = moved.first else { return }
    let others = moved.count > 1 ? "; \(moved.count - 1) more of the file's hunks moved" : ""
    warnings.append(
      Finding(
        .warning, at: Place(name, line: first.hunk.number),
        "hunk \(first.hunk.range) of \(diff.path) applies \(HunkFit.distance(first.distance))\(others)",
        notes: ["the patch was made on another base: `quilt refresh` updates it"]))
  }

  private mutating func binaryResult(_ diff: FileDiff, of bytes: [UInt8]) throws(Failure) -> ObjectID? {
    let found = bytes.isEmpty && diff.status == .added ? ObjectID.zero : try ObjectID.blob(of: bytes)
    let problem: String
    if let ids = diff.wholeIDs, found.hex != ids.old {
      problem = "it was made for blob \(ids.old.prefix(12)), found \(found.abbreviated())"
    } else if let ids = diff.wholeIDs, let binary = Libgit2Apply(binary: patch[diff.bytes], ids: ids) {
      switch try binary.apply(to: bytes, in: repository) {
      case .success(let id):
        let result = diff.status == .deleted ? .zero : id
        if result.hex == ids.new { return id }
        problem = "it gives blob \(result.abbreviated()), but its index line says \(ids.new.prefix(12))"
      case .failure(let refusal): problem = refusal.reason
      }
    } else {
      problem = "it has no data: write it with git format-patch, which includes it"
    }
    findings.append(
      Finding(
        at: Place(name, line: diff.number), "binary patch of \(diff.path) does not apply", notes: [problem]))
    return nil
  }

  /// Compares the result with the `index` line if the patch was made on this very blob.
  private mutating func checkResult(_ diff: FileDiff, old: ObjectID?, new: ObjectID) {
    guard let oldID = diff.oldID, let newID = diff.newID, diff.status == .modified || diff.status == .renamed,
      old?.hex.hasPrefix(oldID.lowercased()) == true, !new.hex.hasPrefix(newID.lowercased())
    else { return }
    warnings.append(
      Finding(
        .warning, at: Place(name, line: diff.number),
        "patch of \(diff.path) gives blob \(new.abbreviated(newID.count)), but its index line says \(newID)",
        notes: ["the patch was changed after git wrote it: by hand, or by a mailer that changed white space"]))
  }
}

extension FileDiff {
  /// The blob ids of the `index` line; nil if they are abbreviated.
  fileprivate var wholeIDs: (old: String, new: String)? {
    guard let oldID, let newID, oldID.count == 40, newID.count == 40 else { return nil }
    return (oldID, newID)
  }
}
