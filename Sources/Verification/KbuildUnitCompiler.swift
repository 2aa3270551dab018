import Diagnostics
import Kbuild
import Processes

/// Compiles units of a lane as Kbuild does, a state's files laid over the one checkout of the base.
struct KbuildUnitCompiler: UnitCompiler {
  let kbuild: Kbuild
  let prepared: PreparedLane
  let slots: JobSlots
  /// By state index.
  let overlays: [Int: Overlay]
  let scratch: String

  var lane: String { prepared.lane.name }
  var identity: String { prepared.identity }

  func baseline(of units: [String]) async throws(Failure) -> [String: UnitBaseline] {
    let possible = units.filter(belongsToArchitecture)
    let objects = Dictionary(uniqueKeysWithValues: possible.map { ($0, "\($0.dropLast())o") })
    let built = try await kbuild.build(objects.values.sorted(), in: prepared)
    var result: [String: UnitBaseline] = [:]
    for unit in units {
      switch objects[unit].flatMap({ built[$0] }) {
      case .built(let command, let text):
        // Make's log is for people. Where the compiler had something to say, it is asked again for it alone.
        var diagnostics: [Diagnostic] = []
        if !text.isEmpty {
          diagnostics = try await slots.withSlot { () async throws(Failure) in
            try await kbuild.compile(command, in: prepared, scratch: scratch).diagnostics
          }
        }
        result[unit] = .built(command, diagnostics: diagnostics)
      case .failed(let text): result[unit] = .failed(text: text)
      case .notConfigured, nil: result[unit] = .notConfigured
      }
    }
    return result
  }

  func compile(_ command: CompileCommand, at state: SeriesState) async throws(Failure) -> UnitOutcome {
    let result = try await slots.withSlot { () async throws(Failure) in
      try await kbuild.compile(command, in: prepared, overlay: overlays[state.index], scratch: scratch)
    }
    if let reason = Self.environmentFailure(result) { return .environment(reason) }
    return .finished(
      UnitResult(
        succeeded: result.succeeded, diagnostics: result.diagnostics, dependencies: result.dependencies,
        seconds: result.seconds))
  }

  /// Why a compilation says nothing about the source; nil when it does.
  private static func environmentFailure(_ result: CompileResult) -> String? {
    guard case .exited(let status) = result.termination else { return "the compiler \(result.termination)" }
    if status == 0 { return nil }
    let signs = [
      "No space left on device", "unable to execute command", "due to signal", "out of memory",
      "Cannot allocate memory",
      "PLEASE submit a bug report", "Read-only file system", "Too many open files", "Disk quota exceeded",
    ]
    if let sign = signs.first(where: result.text.contains) { return "the compiler failed: \(sign)" }
    if result.diagnostics.contains(where: { $0.severity == .error }) { return nil }
    return "the compiler exited with status \(status) and gave no error"
  }

  /// Whether a unit can belong to the lane: `arch/` holds a folder for each architecture.
  private func belongsToArchitecture(_ unit: String) -> Bool {
    guard unit.hasPrefix("arch/") else { return true }
    let arch = prepared.lane.arch
    let folder = ["x86_64": "x86", "i386": "x86", "sparc64": "sparc", "parisc64": "parisc"][arch] ?? arch
    return unit.hasPrefix("arch/\(folder)/")
  }
}
