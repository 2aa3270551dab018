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
    let names = names(in: diffs)
    let folder = try TemporaryFolder()
    let before = try copyFiles(named: names, to: folder.path)
    let outcome = try await runPatch(in: folder.path, fuzz: 0)
    let said = PatchOutput(outcome.text)
    guard outcome.succeeded else {
      let another = try TemporaryFolder()
      _ = try copyFiles(named: names, to: another.path)
      let takesFuzz = try await runPatch(in: another.path, fuzz: 2).succeeded
      throw refusal(diffs, said, outcome, takesFuzz: takesFuzz)
    }
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

  private nonisolated(nonsending) func runPatch(in folder: String, fuzz: Int) async throws(Failure) -> Outcome {
    let command = Command(
      "patch",
      // --unified, since patch(1) passes an ed script to a program that runs commands.
      ["-p1", "--unified", "--fuzz=\(fuzz)", "--force", "--reject-file=-", "--no-backup-if-mismatch"],
      environment: ["LC_ALL": "C", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""], clearEnvironment: true,
      directory: folder, input: patch.diff)
    return try await run(command, timeLimit: Self.timeLimit)
  }

  /// Each path that patch(1) may take from a diff; it prefers one that exists.
  private func names(in diffs: [FileDiff]) -> Set<String> {
    var names = Set(diffs.flatMap { [$0.oldPath, $0.newPath].compactMap(\.self) })
    for line in String(decoding: patch.diff, as: UTF8.self).split(separator: "\n") {
      guard let match = line.wholeMatch(of: #/(?:---|\+\+\+|Index:) ([^\t]+).*/#) else { continue }
      for name in [match.1, match.1.prefix { $0 != " " }] {
        guard let slash = name.firstIndex(of: "/") else { continue }
        let path = String(name[name.index(after: slash)...])
        if TreePath.problem(path) == nil { names.insert(path) }
      }
    }
    return names
  }

  /// Copies files of the tree to a folder and returns those that there are.
  private func copyFiles(named paths: Set<String>, to folder: String) throws(Failure) -> [String: Repository.FileEdit] {
    var files: [String: Repository.FileEdit] = [:]
    for path in paths {
      guard let file = try repository.file(at: path, in: tree) else { continue }
      let copy = "\(folder)/\(path)"
      try Files.makeFolder((copy as NSString).deletingLastPathComponent)
      let bytes = try repository.blob(file.id)
      if file.mode == .symlink {
        // patch(1) refuses to change what a link names.
        symlink(String(decoding: bytes, as: UTF8.self), copy)
      } else {
        try Files.write(bytes, to: copy)
        if file.mode == .executable { chmod(copy, 0o755) }
      }
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
  private func refusal(
    _ diffs: [FileDiff], _ said: PatchOutput, _ outcome: Outcome, takesFuzz: Bool
  ) -> Failure {
    let explained = explanations()
    let failed = zip(diffs, said.files).flatMap { diff, file in
      file.failed.compactMap { number in
        diff.hunks.indices.contains(number - 1) ? (diff, diff.hunks[number - 1]) : nil
      }
    }
    let words = PatchOutput.reasons(outcome.text + outcome.errorText)
    let fuzz =
      takesFuzz ? ["with fuzz it would, at a place that only resembles the one that the patch was made for"] : []
    guard !failed.isEmpty else {
      let place = Place(patch.diffName, line: patch.diffLine)
      return Failure(
        .falls, [Finding(at: place, "patch -p1, which quilt calls, refuses the patch", notes: words + fuzz)])
    }
    return Failure(
      .falls,
      failed.map { diff, hunk in
        let place = Place(patch.diffName, line: hunk.number)
        return explained.first { $0.place == place }
          ?? Finding(
            at: place, "hunk \(hunk.range) of \(diff.path) does not apply",
            notes: ["patch -p1, which quilt calls, says:"] + words + fuzz)
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

  /// The lines that say why it refuses.
  static func reasons(_ text: String) -> [String] {
    let others = ["|", "---", "patching file ", "The text leading up", "can't find file to patch at input"]
    return text.split(separator: "\n").filter { line in
      !others.contains { line.hasPrefix($0) } && !(line.hasPrefix("Hunk #") && line.contains("succeeded"))
    }.prefix(10).map(String.init)
  }

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
