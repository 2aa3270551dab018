import CSource
import Diagnostics
import Kbuild
import Synchronization

/// Finds which diagnostics are new, by file, function, severity and message, never by line.
struct DiagnosticComparison {
  /// Outlines of the state before and the state after, to look up which function a line belongs to.
  let before: OutlineCache
  let after: OutlineCache

  /// Those of `now` that are new.
  ///
  /// - Parameters:
  ///   - earlier: what was said before, of the state of the outlines `before`.
  ///   - errors: errors that other states gave, each list with the outlines of its state.
  func new(
    in now: [Diagnostic], before earlier: [Diagnostic], errors: [([Diagnostic], OutlineCache)] = []
  ) -> [Diagnostic] {
    var known = counts(earlier, before)
    for (diagnostics, outlines) in errors {
      known.merge(counts(diagnostics.filter { $0.severity == .error }, outlines), uniquingKeysWith: max)
    }
    return now.filter { diagnostic in
      guard diagnostic.severity != .note else { return false }
      let key = Key(diagnostic, after)
      if let left = known[key], left > 0 {
        known[key] = left - 1
        return false
      }
      return true
    }
  }

  private func counts(_ diagnostics: [Diagnostic], _ outlines: OutlineCache) -> [Key: Int] {
    diagnostics.reduce(into: [:]) { $0[Key($1, outlines), default: 0] += 1 }
  }

  struct Key: Hashable {
    var file: String?
    var function: String?
    var severity: Finding.Severity
    var message: String

    init(_ diagnostic: Diagnostic, _ outlines: OutlineCache) {
      file = diagnostic.file
      function = diagnostic.file.flatMap { file in diagnostic.line.flatMap { outlines.enclosing(file, line: $0) } }
      severity = diagnostic.severity
      // Messages name places too: "anonymous struct at drivers/x.c:12:3".
      message = diagnostic.message.replacing(#/:\d+/#, with: "")
    }
  }
}

/// The outlines of a state's files, each computed on first use.
final class OutlineCache: Sendable {
  private let view: TreeView
  private let outlines = Mutex<[String: Outline]>([:])

  init(_ view: TreeView) { self.view = view }

  /// The name of the function, table or type at a line of a file; nil when there is none.
  func enclosing(_ file: String, line: Int) -> String? {
    if let outline = outlines.withLock({ $0[file] }) { return outline.enclosing(line: line) }
    guard let source = view.contents(of: file) else { return nil }
    let outline = Outline(source)
    outlines.withLock { $0[file] = outline }
    return outline.enclosing(line: line)
  }
}
