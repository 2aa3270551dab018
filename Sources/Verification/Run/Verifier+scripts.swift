import CSource
import Diagnostics
import Kbuild
import TreeIndex

extension Verifier {
  /// Runs the base's own kernel-doc and checkpatch over each state.
  nonisolated(nonsending) func runScripts(
    _ run: inout VerificationRun, base: BaseTree, store: VerdictStore, scratch: String
  ) async throws(Failure) {
    let scripts = KernelScripts(SourceTree(path: base.directory, tree: base.id))
    let start = ContinuousClock.now
    let name = "Running kernel-doc and checkpatch"
    progress.report(.began(name))
    var before = TreeView(base: base)
    var tree = base.id
    for state in run.states.states {
      let after = TreeView(base: base, overlay: state.overlay)
      defer { (before, tree) = (after, state.tree) }
      guard run.results.shard?.has(state.index - 1) ?? true, run.states.refused[state.index] == nil else { continue }
      let mail = try run.source.mail(state.index, from: tree, to: state.tree, in: repository)
      let trees = ["scripts", VerdictKey.program, base.id, before.key, after.key]
      let documentation = try await store.value(VerdictKey(trees)) { () async throws(Failure) in
        try await kernelDoc(state, before, after, scripts, scratch: scratch)
      }
      let style = try await store.value(VerdictKey(trees + [VerdictKey.digest(of: mail)])) {
        () async throws(Failure) in
        try await checkpatch(mail, before, scripts, scratch: scratch)
      }
      run.results.reports[state.index, default: []] += [documentation, style]
      progress.report(.advanced(name, done: state.index, total: run.states.states.count))
    }
    progress.report(.ended(name, outcome: nil, seconds: (ContinuousClock.now - start).seconds))
    run.documentation = { (state, file) async throws(Failure) in
      guard let bytes = TreeView(base: base, overlay: state.overlay).contents(of: file) else { return [] }
      return try await Self.documentation([file: bytes], scripts, scratch: scratch)
    }
  }

  /// What kernel-doc newly reports about the changed files. Anything new fails the check, but for members of structs
  /// that lack most of their documentation.
  private nonisolated(nonsending) func kernelDoc(
    _ state: SeriesState, _ before: TreeView, _ after: TreeView, _ scripts: KernelScripts, scratch: String
  ) async throws(Failure) -> CheckReport {
    let start = ContinuousClock.now
    let paths = state.changed.filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") }
    func files(_ view: TreeView) -> [String: [UInt8]] {
      Dictionary(uniqueKeysWithValues: paths.compactMap { path in view.contents(of: path).map { (path, $0) } })
    }
    let now = try await Self.documentation(files(after), scripts, scratch: scratch)
    let earlier = now.isEmpty ? [] : try await Self.documentation(files(before), scripts, scratch: scratch)
    let outlines = (before: OutlineCache(before), after: OutlineCache(after))
    // None of it breaks the build, so all of it is compared with the state before.
    let new = DiagnosticComparison(before: outlines.before, after: outlines.after).new(in: now, before: earlier)
    let gone = DiagnosticComparison(before: outlines.after, after: outlines.before).new(in: earlier, before: now)
    let really = RenamedWarnings.removed(from: new, gone: gone) { path, name in
      WordPositions.of(name, in: before.contents(of: path) ?? []).isEmpty
    }
    let members = UndescribedMembers(really, earlier: earlier, contents: after.contents(of:))
    return CheckReport(
      name: .kernelDoc, verdict: members.others.isEmpty ? .pass : .fail, units: paths.count,
      seconds: (ContinuousClock.now - start).seconds,
      findings: members.others.map { ReportedFinding($0, in: "") } + members.notes.map { ReportedFinding($0) })
  }

  /// What kernel-doc reports about files, and what some versions of it, 7.1's among them, do not report: a struct's
  /// comment that describes a member the struct does not have.
  private static func documentation(
    _ files: [String: [UInt8]], _ scripts: KernelScripts, scratch: String
  ) async throws(Failure) -> [Diagnostic] {
    let said = try await scripts.kernelDoc(files: files, scratch: scratch)
    let excess = files.sorted { $0.key < $1.key }.flatMap { path, bytes in
      SourceFile(path: path, bytes: bytes).excessDescriptions().map { excess in
        Diagnostic(
          file: path, line: excess.place.line, severity: .warning,
          message: "Excess struct member '\(excess.name)' description in '\(excess.structure)'")
      }
    }
    return said + excess.filter { one in !said.contains { $0.file == one.file && $0.message == one.message } }
  }

  /// What checkpatch reports about the lines a patch adds. An ERROR fails the check; the author weighs the rest.
  private nonisolated(nonsending) func checkpatch(
    _ mail: [UInt8], _ before: TreeView, _ scripts: KernelScripts, scratch: String
  ) async throws(Failure) -> CheckReport {
    let start = ContinuousClock.now
    let said = try await scripts.checkpatch(mail, before: before.overlay.mapValues(\.bytes), scratch: scratch)
    let findings = said.map { diagnostic in
      ReportedFinding(
        Finding(
          diagnostic.severity, at: diagnostic.file.map { Place($0, line: diagnostic.line) }, diagnostic.message,
          notes: diagnostic.notes))
    }
    return CheckReport(
      name: .style, verdict: said.contains { $0.severity == .error } ? .fail : .pass,
      seconds: (ContinuousClock.now - start).seconds, findings: findings)
  }
}
