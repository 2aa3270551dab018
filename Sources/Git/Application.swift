import Diagnostics
import PatchSeries

/// A patch on its way onto a tree, file by file.
struct Application {
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

  /// Applies one file's part, or notes why it does not.
  mutating func add(_ diff: FileDiff) throws(Failure) {
    let place = Place(name, line: diff.number)
    var old = Repository.FileEdit(bytes: [], mode: nil)
    if let path = diff.oldPath {
      // A rename or copy takes the file as the patch found it, so that two files can change names in one patch.
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
      findings.append(Finding(at: place, "patch \(verb) \(path), which exists already"))
      return
    }
    for stated in [diff.oldMode, diff.newMode] {
      guard let stated, let found = old.mode, stated != found, stated.isFile != found.isFile else { continue }
      findings.append(
        Finding(
          at: place, "\(diff.path) has mode \(found.octal), which the patch takes for \(stated.octal)",
          notes: ["a file and a link are told apart: one is deleted before the other is added"]))
      return
    }
    let result = diff.binary ? try binaryResult(diff, on: old.bytes) : textResult(diff, on: old.bytes)
    guard let bytes = result else { return }
    try finish(diff, old: old, bytes: bytes)
  }

  private mutating func finish(_ diff: FileDiff, old: Repository.FileEdit, bytes: [UInt8]) throws(Failure) {
    if diff.status == .deleted, !bytes.isEmpty {
      findings.append(
        Finding(
          at: Place(name, line: diff.number), "patch deletes \(diff.path), but leaves lines of it",
          notes: ["the file is longer here than on the patch's base"]))
      return
    }
    if !diff.binary { try checkResult(diff, old: old.bytes, new: bytes) }
    if let path = diff.oldPath, diff.status == .deleted || diff.status == .renamed {
      removed.insert(path)
      if diff.status == .deleted { written[path] = nil }
    }
    if let path = diff.newPath {
      written[path] = Repository.FileEdit(bytes: bytes, mode: diff.newMode ?? old.mode)
    }
  }

  /// Notes each file that would stand below another file, or in place of a folder: the one would be written through a
  /// link, and the other would take along what is in the folder.
  mutating func checkFolders(_ diffs: [FileDiff]) throws(Failure) {
    for diff in diffs {
      // What is changed in place stood in a folder, and alone, before.
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

  /// A file that the patch leaves in what is a folder in the base, if there is one.
  private func remains(in folder: String) throws(Failure) -> String? {
    guard let entry = try repository.entry(at: folder, in: base), entry.mode == .directory else { return nil }
    var found: String?
    try repository.walk(entry.id) { (path, _) throws(Failure) in
      if found == nil, !removed.contains("\(folder)/\(path)") { found = path }
    }
    return found
  }

  /// The file at `path`: in the base, or with what the patch has done to it so far.
  private func file(at path: String, afterPatch: Bool) throws(Failure) -> Repository.FileEdit? {
    if afterPatch {
      if let edit = written[path] { return edit }
      if removed.contains(path) { return nil }
    }
    guard let entry = try repository.entry(at: path, in: base), entry.mode != .directory, entry.mode != .submodule
    else { return nil }
    return Repository.FileEdit(bytes: try repository.blob(entry.id), mode: entry.mode)
  }

  /// Where a missing file may have gone: a file of its name elsewhere in the folders above it.
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

  private mutating func textResult(_ diff: FileDiff, on bytes: [UInt8]) -> [UInt8]? {
    let text = HunkTarget(bytes)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 4096)
    var next = 0
    var applies = true
    var placed: [(hunk: Hunk, distance: Int)] = []
    for stated in diff.hunks {
      var hunk = stated
      // A hunk's neighbours have most likely moved as it did.
      let near = hunk.oldIndex + (placed.last?.distance ?? 0)
      if placement == .nearest, let place = text.nearest(hunk, to: near, from: next) {
        hunk.oldStart += place - hunk.oldIndex
        placed.append((stated, hunk.oldStart - stated.oldStart))
      }
      if let problem = text.problem(with: hunk, in: diff, patch: name, from: next, placement: placement) {
        findings.append(problem)
        applies = false
        continue
      }
      result += text.lines(next..<hunk.oldIndex)
      for line in hunk.postimage { result += line.content }
      next = hunk.oldIndex + hunk.oldCount
    }
    guard applies else { return nil }
    warn(of: placed.filter { $0.distance != 0 }, in: diff)
    return result + text.lines(next..<text.count)
  }

  private mutating func warn(of moved: [(hunk: Hunk, distance: Int)], in diff: FileDiff) {
    guard let first = moved.first else { return }
    let others = moved.count > 1 ? ", and \(moved.count - 1) more of the file's" : ""
    warnings.append(
      Finding(
        .warning, at: Place(name, line: first.hunk.number),
        "hunk \(first.hunk.range) of \(diff.path) stands \(HunkTarget.distance(first.distance))\(others)",
        notes: ["the patch was made on another base: `quilt refresh` brings it up to date"]))
  }

  private mutating func binaryResult(_ diff: FileDiff, on bytes: [UInt8]) throws(Failure) -> [UInt8]? {
    switch try BinaryPatch.apply(diff, of: patch, to: bytes) {
    case .success(let bytes): return bytes
    case .failure(let problem):
      findings.append(
        Finding(
          at: Place(name, line: diff.number), "binary patch of \(diff.path) does not apply", notes: [problem.reason]))
      return nil
    }
  }

  /// Compares what came out with the `index` line, where the patch was made on this very blob.
  private mutating func checkResult(_ diff: FileDiff, old: [UInt8], new: [UInt8]) throws(Failure) {
    guard let oldID = diff.oldID, let newID = diff.newID, diff.status == .modified || diff.status == .renamed,
      ObjectID.blob(of: old).hex.hasPrefix(oldID.lowercased())
    else { return }
    let result = ObjectID.blob(of: new)
    if result.hex.hasPrefix(newID.lowercased()) { return }
    warnings.append(
      Finding(
        .warning, at: Place(name, line: diff.number),
        "patch of \(diff.path) gives blob \(result.abbreviated(newID.count)), its index line says \(newID)",
        notes: ["the patch's text was changed after git wrote it: by hand, or by a mailer that changed white space"]))
  }
}
