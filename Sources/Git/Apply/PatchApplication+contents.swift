import Diagnostics
import PatchSeries

/// What a patch makes of a file's contents.
extension PatchApplication {
  /// The file with its hunks applied; nil if one of them does not apply.
  mutating func textResult(_ diff: FileDiff, of bytes: [UInt8]) throws(Failure) -> ObjectID? {
    if diff.hunks.isEmpty { return try repository.writeBlob(bytes) }
    let target = HunkFit(bytes, placement)
    let placed = target.placed(diff.hunks)
    let hunks = placed.map(\.hunk)
    let place = Place(name, line: diff.number)
    guard let patch = Libgit2Apply(hunks: hunks, of: bytes) else {
      findings.append(
        Finding(
          at: place, "patch of \(diff.path) cannot be applied",
          notes: [
            "its hunks hold zero bytes, and the file every other byte: write it without --text, which shows binary files as text"
          ]))
      return nil
    }
    // First check the rules of git that libgit2 does not enforce.
    if !hunks.contains(where: { target.problemAtEnd(of: $0) != nil }) {
      switch try patch.apply(to: bytes, in: repository) {
      case .success(let id):
        warn(of: placed.filter { $0.distance != 0 }, in: diff)
        return id
      case .failure(let refusal):
        let problems = target.problems(with: hunks, in: diff, patch: name)
        findings += problems
        if problems.isEmpty {
          findings.append(Finding(at: place, "patch of \(diff.path) does not apply", notes: [refusal.reason]))
        }
      }
    } else {
      findings += target.problems(with: hunks, in: diff, patch: name)
    }
    return nil
  }

  private mutating func warn(of moved: [HunkFit.Placed], in diff: FileDiff) {
    guard let first = moved.first else { return }
    distances += moved.map(\.distance)
    let others = moved.count > 1 ? "; \(moved.count - 1) more of the file's hunks moved" : ""
    warnings.append(
      Finding(
        .warning, at: Place(name, line: first.stated.number),
        "hunk \(first.stated.range) of \(diff.path) applies \(HunkFit.distance(first.distance))\(others)",
        notes: ["the patch was made on another base"]))
  }

  mutating func binaryResult(_ diff: FileDiff, of bytes: [UInt8]) throws(Failure) -> ObjectID? {
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
  mutating func checkResult(_ diff: FileDiff, old: ObjectID?, new: ObjectID) {
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
