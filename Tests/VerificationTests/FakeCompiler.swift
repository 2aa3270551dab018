import Diagnostics
import FoundationEssentials
import Kbuild
import Synchronization

@testable import Verification

/// A compiler for sources made of these lines:
/// - `needs X` is an error unless the header `include/linux/ops.h` holds the word X;
/// - `only L` is an error in lanes other than L;
/// - `warns X` is a warning;
/// - `crashes` is a failure of the machine;
/// - `generated` needs a file that Kbuild makes first;
/// - `uses X` in a header is an error unless the header, or else the source that includes it, holds `provides X`;
/// - `return X();` in a line refers to a symbol, `int X(void) {}` defines one and `EXPORT_SYMBOL(X);` exports it.
///
/// Each source under `modules/` is a module.
final class FakeCompiler: UnitCompiler {
  let lane: String
  let identity: String
  let architecture = "arm64"
  private let units: Set<String>
  private let compilations = Mutex<[String]>([])
  private let states = Mutex<[TreeView]>([])
  private let made = Mutex<Set<String>>([])
  private let headers = Mutex<[String]>([])

  /// Every header that was parsed by itself, as "header@state".
  var parsed: [String] { headers.withLock { $0.sorted() } }

  /// Every compilation so far, as "unit@state".
  var compiled: [String] { compilations.withLock { $0.sorted() } }

  init(lane: String = "arm64", identity: String = "1", units: Set<String>) {
    self.lane = lane
    self.identity = "\(lane) \(identity)"
    self.units = units
  }

  /// The series' states, the base first.
  var views: [TreeView] {
    get { states.withLock { $0 } }
    set { states.withLock { $0 = newValue } }
  }

  let configuration = Configuration("")

  func form(of command: CompileCommand) -> [String] { command.arguments }

  func commands(for sources: [String]) async throws(Failure) -> [String: [CompileCommand]] {
    Dictionary(
      uniqueKeysWithValues: sources.map { source in
        // As with Kbuild, a source that the configuration does not build has no command.
        guard units.contains(source) else { return (source, []) }
        let command = CompileCommand(
          arguments: ["cc"], directory: "/", input: source, source: source, object: "\(source.dropLast())o",
          link: source.hasPrefix("modules/") ? .module(String(source.dropLast(2))) : .builtIn)
        return (source, [command])
      })
  }

  /// The lane has one configuration, and Kbuild reads everything for it.
  func reads(_ paths: [String]) -> Set<String> { Set(paths) }

  func makePrerequisites(of objects: [String]) async throws(Failure) {
    made.withLock { $0.formUnion(objects) }
  }

  func compile(_ command: CompileCommand, with files: [String: [UInt8]?]) -> CompileResult? { nil }

  /// An object file holds its symbols in JSON.
  func modpost(_ links: [PartialLink], symvers: String) -> [ModpostMessage] {
    var modules: [LinkTarget: [LinkedObject]] = [:]
    for link in links {
      modules[link.target] = link.objects.compactMap { bytes in
        (try? JSONDecoder().decode(ObjectSymbols.self, from: Data(bytes))).map {
          LinkedObject(object: "", source: "", target: link.target, symbols: $0, state: 0)
        }
      }
    }
    return SceneModpost(modules: modules, symvers: symvers).messages
  }

  func sources(of module: String) -> [String] { units.filter { $0.hasPrefix(module + ".") }.sorted() }

  func compile(_ command: CompileCommand, at state: Int) async throws(Failure) -> UnitOutcome {
    let name = "\(command.source)@\(state)"
    if command.source.hasSuffix(".h") {
      headers.withLock { $0.append(name) }
    } else {
      compilations.withLock { $0.append(name) }
    }
    try? await Task.sleep(for: .milliseconds(20))
    let view = views[state]
    let lines = lines(command.source, view)
    if lines.contains("crashes") { return .environment("the compiler was killed by signal 9") }
    let diagnostics = diagnostics(command.source, view)
    let succeeded = !diagnostics.contains { $0.severity == .error }
    let result = UnitResult(
      succeeded: succeeded, diagnostics: diagnostics, dependencies: succeeded ? dependencies(command.source) : [],
      symbols: succeeded ? Self.symbols(lines) : nil,
      object: succeeded ? (try? JSONEncoder().encode(Self.symbols(lines))).map(Array.init) : nil)
    if lines.contains("generated"), !made.withLock({ $0.contains(command.object) }) { return .missesFile(result) }
    return .finished(result)
  }

  private static func symbols(_ lines: [String]) -> ObjectSymbols {
    func names(_ pattern: Regex<(Substring, Substring)>) -> [String] {
      lines.compactMap { $0.wholeMatch(of: pattern).map { String($0.1) } }
    }
    return ObjectSymbols(
      undefined: Set(names(#/.*return (\w+)\(\);.*/#)), defined: Set(names(#/int (\w+)\(void\) {}/#)),
      exports: names(#/EXPORT_SYMBOL\((\w+)\);/#).map { ObjectSymbols.Export(name: $0) })
  }

  private func dependencies(_ unit: String) -> Set<String> { ["include/linux/ops.h", unit] }

  private func lines(_ path: String, _ view: TreeView) -> [String] {
    String(decoding: view.contents(of: path) ?? [], as: UTF8.self)
      .split(separator: "\n" as Character, omittingEmptySubsequences: false).map(String.init)
  }

  private func diagnostics(_ unit: String, _ view: TreeView) -> [Diagnostic] {
    let header = lines("include/linux/ops.h", view).joined()
    let own = lines(unit, view) + lines("include/linux/ops.h", view)
    let lacking = lines("include/linux/ops.h", view).enumerated().compactMap { index, line -> Diagnostic? in
      guard line.hasPrefix("uses "), !own.contains("provides " + line.dropFirst(5)) else { return nil }
      return Diagnostic(
        file: "include/linux/ops.h", line: index + 1, column: 1, severity: .error,
        message: "unknown '\(line.dropFirst(5))'")
    }
    return lacking
      + lines(unit, view).enumerated().compactMap { index, line in
        let name = String(line.drop { $0 != " " }.dropFirst())
        if line.hasPrefix("needs "), !header.contains(name) {
          return Diagnostic(
            file: unit, line: index + 1, column: 1, severity: .error, message: "no member named '\(name)'")
        }
        if line.hasPrefix("only "), name != lane {
          return Diagnostic(file: unit, line: index + 1, column: 1, severity: .error, message: "not for \(lane)")
        }
        if line.hasPrefix("warns ") {
          return Diagnostic(file: unit, line: index + 1, column: 1, severity: .warning, message: "unused '\(name)'")
        }
        return nil
      }
  }
}
