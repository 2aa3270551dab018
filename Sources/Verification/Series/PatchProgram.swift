import Diagnostics
import Foundation
import Git
import Glibc
import PatchSeries
import Processes
import Support

extension SeriesSource.SourcePatch {
  /// Applies the patch to a tree with the program that decides what it means.
  ///
  /// - Throws: `Failure(.falls)` when it does not apply.
  nonisolated(nonsending) func applied(to tree: ObjectID, in repository: Repository) async throws(Failure) -> Applied {
    switch program {
    case .git(let placement):
      try repository.applying(
        patch.diff, to: tree, name: patch.diffName, firstLine: patch.diffLine, placement: placement)
    case .patch: try await PatchProgram(patch: patch, tree: tree, repository: repository).applied()
    }
  }
}

/// patch(1), as quilt calls it, but without fuzz: run on copies of the files that a patch names.
private struct PatchProgram {
  let patch: Patch
  let tree: ObjectID
  let repository: Repository

  /// Seconds. patch(1) needs milliseconds.
  private static let timeLimit = Duration.seconds(60)

  nonisolated(nonsending) func applied() async throws(Failure) -> Applied {
    let diffs = try patch.fileDiffs()
    let folder = try TemporaryFolder()
    let before = try copyFiles(
      named: Set(diffs.flatMap { [$0.oldPath, $0.newPath].compactMap(\.self) }), to: folder.path)
    let command = Command(
      "patch",
      // --unified, since patch(1) passes an ed script to a program that runs commands.
      ["-p1", "--unified", "--fuzz=0", "--force", "--reject-file=-", "--no-backup-if-mismatch"],
      environment: ["LC_ALL": "C", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""], clearEnvironment: true,
      directory: folder.path, input: patch.diff)
    let outcome = try await run(command, timeLimit: Self.timeLimit)
    let said = PatchOutput(outcome.text)
    guard outcome.succeeded else { throw refusal(diffs, said, outcome) }
    let after = try result(in: folder.path, before: before)
    let moved = zip(diffs, said.files).flatMap { diff, file in
      file.offsets.compactMap { number, lines in
        diff.hunks.indices.contains(number - 1) ? (diff, diff.hunks[number - 1], lines) : nil
      }
    }
    return Applied(
      tree: after,
      warnings: moved.map { diff, hunk, lines in
        Finding(
          .warning, at: Place(patch.diffName, line: hunk.number),
          "hunk \(hunk.range) of \(diff.path) applies "
            + "\(abs(lines).counted("line")) further \(lines > 0 ? "down" : "up")",
          notes: ["the patch was made on another base: `quilt refresh` updates it"])
      }, distances: moved.map(\.2))
  }

  /// Copies files of the tree to a folder and returns those that there are.
  private func copyFiles(named paths: Set<String>, to folder: String) throws(Failure) -> [String: Repository.FileEdit] {
    var files: [String: Repository.FileEdit] = [:]
    for path in paths {
      guard let file = try repository.file(at: path, in: tree), file.mode.isFile else { continue }
      let copy = "\(folder)/\(path)"
      try Files.makeFolder((copy as NSString).deletingLastPathComponent)
      try Files.write(try repository.blob(file.id), to: copy)
      if file.mode == .executable { chmod(copy, 0o755) }
      files[path] = Repository.FileEdit(id: file.id, mode: file.mode)
    }
    return files
  }

  /// The tree with what patch(1) left of the files.
  private func result(in folder: String, before: [String: Repository.FileEdit]) throws(Failure) -> ObjectID {
    var edits: [String: Repository.FileEdit?] = before.mapValues { _ in nil }
    for path in Files.paths(below: folder) {
      let copy = "\(folder)/\(path)"
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: copy) {
        edits[path] = Repository.FileEdit(id: try repository.writeBlob(Array(target.utf8)), mode: .symlink)
      } else if let bytes = Files.readRegular(copy) {
        let mode = access(copy, X_OK) == 0 ? FileMode.executable : .regular
        edits[path] = Repository.FileEdit(id: try repository.writeBlob(bytes), mode: mode)
      }
    }
    return try repository.writeTree(editing: edits, over: tree)
  }

  /// Why patch(1) refuses: a finding for each hunk, with what git would say of it, or what patch(1) printed.
  private func refusal(_ diffs: [FileDiff], _ said: PatchOutput, _ outcome: Outcome) -> Failure {
    let explained = explanations()
    let failed = zip(diffs, said.files).flatMap { diff, file in
      file.failed.compactMap { number in
        diff.hunks.indices.contains(number - 1) ? (diff, diff.hunks[number - 1]) : nil
      }
    }
    guard !failed.isEmpty else {
      let lines = (outcome.text + outcome.errorText).split(separator: "\n").map(String.init)
      return Failure(
        .falls,
        [
          Finding(
            at: Place(patch.diffName, line: patch.diffLine), "patch -p1, which quilt calls, refuses the patch",
            notes: Array(lines.filter { !$0.hasPrefix("|") && !$0.hasPrefix("---") && !$0.hasSuffix(":") }.prefix(10)))
        ])
    }
    return Failure(
      .falls,
      failed.map { diff, hunk in
        let place = Place(patch.diffName, line: hunk.number)
        return explained.first { $0.place == place }
          ?? Finding(
            at: place, "hunk \(hunk.range) of \(diff.path) does not apply",
            notes: [
              "patch(1) takes it only with fuzz: with less context on one side, a hunk belongs to that end of the file"
            ])
      })
  }

  private func explanations() -> [Finding] {
    do throws(Failure) {
      _ = try repository.apply(patch.diff, to: tree, name: patch.diffName, firstLine: patch.diffLine)
      return []
    } catch {
      return error.findings
    }
  }
}

/// What patch(1) says of each file.
private struct PatchOutput {
  struct File {
    /// The hunks that do not apply, counted from one.
    var failed: [Int] = []
    /// How many lines further down a hunk applies; negative further up.
    var offsets: [(hunk: Int, lines: Int)] = []
  }

  private(set) var files: [File] = []

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      if line.hasPrefix("patching file ") || line.hasPrefix("patching symbolic link ") {
        files.append(File())
      } else if let match = line.firstMatch(of: #/^Hunk #(\d+) (FAILED|succeeded)[^(]*(?:\(offset (-?\d+) line)?/#),
        let hunk = Int(match.1), !files.isEmpty
      {
        if match.2 == "FAILED" { files[files.count - 1].failed.append(hunk) }
        if let lines = match.3.flatMap({ Int($0) }) { files[files.count - 1].offsets.append((hunk, lines)) }
      }
    }
  }
}
