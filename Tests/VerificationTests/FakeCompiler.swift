import Diagnostics
import Kbuild
import Synchronization
import Verification

/// A compiler for sources of three kinds of lines: `needs X` is an error unless the header `include/linux/ops.h` holds
/// the word X, `warns X` is a warning, `crashes` is a failure of the machine.
final class FakeCompiler: UnitCompiler {
  let lane: String
  let identity: String
  private let base: BaseTree
  private let units: Set<String>
  private let compilations = Mutex<[String]>([])

  /// Every compilation so far, as "unit@state".
  var compiled: [String] { compilations.withLock { $0.sorted() } }

  init(lane: String = "arm64", identity: String = "1", base: BaseTree, units: Set<String>) {
    self.lane = lane
    self.identity = identity
    self.base = base
    self.units = units
  }

  func baseline(of units: [String]) async throws(Failure) -> [String: UnitBaseline] {
    var result: [String: UnitBaseline] = [:]
    for unit in units {
      guard self.units.contains(unit) else {
        result[unit] = .notConfigured
        continue
      }
      let command = CompileCommand(
        arguments: ["cc"], directory: "/", input: unit, source: unit, object: unit, dependencies: dependencies(unit))
      result[unit] = .built(command, diagnostics: diagnostics(unit, TreeView(base: base)))
    }
    return result
  }

  func compile(_ command: CompileCommand, at state: SeriesState) async throws(Failure) -> UnitOutcome {
    compilations.withLock { $0.append("\(command.source)@\(state.index)") }
    try? await Task.sleep(for: .milliseconds(20))
    let view = TreeView(base: base, overlay: state.overlay)
    if lines(command.source, view).contains("crashes") { return .environment("the compiler was killed by signal 9") }
    let diagnostics = diagnostics(command.source, view)
    let succeeded = !diagnostics.contains { $0.severity == .error }
    return .finished(
      UnitResult(
        succeeded: succeeded, diagnostics: diagnostics, dependencies: succeeded ? dependencies(command.source) : []))
  }

  private func dependencies(_ unit: String) -> [String] { ["include/linux/ops.h", unit] }

  private func lines(_ path: String, _ view: TreeView) -> [String] {
    String(decoding: view.contents(of: path) ?? [], as: UTF8.self)
      .split(separator: "\n" as Character, omittingEmptySubsequences: false).map(String.init)
  }

  private func diagnostics(_ unit: String, _ view: TreeView) -> [Diagnostic] {
    let header = lines("include/linux/ops.h", view).joined()
    return lines(unit, view).enumerated().compactMap { index, line in
      let name = String(line.drop { $0 != " " }.dropFirst())
      if line.hasPrefix("needs "), !header.contains(name) {
        return Diagnostic(
          file: unit, line: index + 1, column: 1, severity: .error, message: "no member named '\(name)'")
      }
      if line.hasPrefix("warns ") {
        return Diagnostic(file: unit, line: index + 1, column: 1, severity: .warning, message: "unused '\(name)'")
      }
      return nil
    }
  }
}
