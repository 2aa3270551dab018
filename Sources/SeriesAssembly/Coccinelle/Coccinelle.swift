public import Diagnostics
import FoundationEssentials
public import Generation
public import Kernels
import Processes
import Support
import Verification

/// Coccinelle's `spatch`, for the edits that a series leaves to semantic patches.
///
/// It sees one file and none of its headers, runs in a sandbox since rules may hold scripts, and its answers are kept.
struct Coccinelle: Sendable {
  private let version: String
  private let sandbox: Sandbox
  private let cache: Cache
  private let slots: JobSlots

  /// Runs the rules in its first argument on the file in its second. --debug tells which rules matched: the rule on
  /// standard output, and the match on standard error.
  private static let script = "exec spatch --sp-file \"$1\" --in-place --no-includes --debug \"$2\" 2>&1"

  /// The longest that one file may take.
  private static let timeLimit = Duration.seconds(300)

  /// Finds `spatch`, and the sandbox that it is to run in.
  ///
  /// - Throws: `Failure(.unavailable)` if one of them is not installed or does not work.
  static func find(cache: Cache) async throws(Failure) -> Coccinelle {
    let version = try await requireSuccess(Command("spatch", ["--version"]), to: "ask spatch for its version")
    let sandbox: Sandbox
    do throws(Failure) { sandbox = try await Sandbox.find() } catch {
      throw error.adding(notes: ["rules of Coccinelle may hold scripts, so that spatch only runs in a sandbox"])
    }
    return Coccinelle(
      version: version.text.split(separator: "\n").first.map(String.init) ?? "spatch", sandbox: sandbox, cache: cache,
      slots: JobSlots(ProcessInfo.processInfo.activeProcessorCount))
  }

  /// The outcomes of runs, in their order, and whether they were known from an earlier run.
  ///
  /// - Parameter done: called with the number of finished runs after each one.
  func run(
    _ patches: [SemanticPatch], done: (Int) -> Void
  ) async throws(Failure) -> [(SpatchOutcome, isKept: Bool)] {
    let scratch = try await Scratch.make(in: cache.root)
    let folder = scratch.path
    return try await concurrently(patches, done: done) { (patch) async throws(Failure) in
      // What spatch says depends on nothing of ours.
      let answers = KeptAnswers(in: cache, of: version)
      let question = [Self.script, patch.file, patch.rules, patch.path, SHA256.digest(of: patch.bytes).hexadecimal]
      var isKept = true
      let outcome = try await answers.answer(question) { () async throws(Failure) in
        isKept = false
        return try await slots.withSlot { () async throws(Failure) in
          try await run(patch, in: "\(folder)/\(UUID().uuidString)")
        }
      }
      return (outcome, isKept)
    }
  }

  private func run(_ patch: SemanticPatch, in folder: String) async throws(Failure) -> SpatchOutcome {
    func name(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
    // Folders of their own, so that no name meets the other.
    let (rules, file) = ("rules/\(name(patch.file))", "source/\(name(patch.path))")
    for part in ["rules", "source"] { try Files.makeFolder("\(folder)/\(part)") }
    try Files.write(Array(patch.rules.utf8), to: "\(folder)/\(rules)")
    try Files.write(patch.bytes, to: "\(folder)/\(file)")
    // No user's ~/.cocciconfig decides what a series is.
    var command = Command(
      "sh", ["-c", Self.script, "sh", rules, file], environment: ["HOME": folder], directory: folder)
    command.sandbox = sandbox
    command.sandbox?.writable = [folder]
    let outcome = try await Processes.run(command, timeLimit: Self.timeLimit)
    // What is kept has to be so again tomorrow.
    guard case .exited(let status) = outcome.termination else {
      throw Failure(
        .unavailable, at: patch.place, "spatch \(outcome.termination) on \(patch.path)",
        notes: ["the limit is \(Self.timeLimit)"])
    }
    return SpatchOutcome(status: status, bytes: Files.read("\(folder)/\(file)") ?? [], log: outcome.text)
  }
}

extension Generator {
  /// Generates the patches on a tree, with Coccinelle's answers where a step needs them.
  ///
  /// - Throws: what `generate(on:with:)` throws; `Failure(.unavailable)` if `spatch` or its sandbox is missing;
  ///   `Failure(.input)` for rules that `spatch` refuses.
  public nonisolated(nonsending) func generate(
    on tree: some KernelTree, cache: Cache, progress: Progress
  ) async throws(Failure) -> GeneratedSeries {
    var answers: [SemanticPatch: SemanticPatch.Answer] = [:]
    var generated = try generate(on: tree)
    guard !generated.wanted.isEmpty else { return generated }
    let coccinelle = try await Coccinelle.find(cache: cache)
    // What one step leaves may be what the next one hands to Coccinelle.
    while !generated.wanted.isEmpty {
      let wanted = generated.wanted
      let known = { (runs: [(SpatchOutcome, isKept: Bool)]) in "\(runs.count { $0.isKept }) known from earlier" }
      let name = "Running spatch on \(wanted.count.counted("file"))"
      let runs = try await progress.step(name, outcome: known) { () async throws(Failure) in
        try await coccinelle.run(wanted) { progress.report(.advanced(name, done: $0, total: wanted.count)) }
      }
      for (patch, (outcome, _)) in zip(wanted, runs) { answers[patch] = try outcome.answer(to: patch) }
      generated = try generate(on: tree, with: answers)
    }
    return generated
  }
}
