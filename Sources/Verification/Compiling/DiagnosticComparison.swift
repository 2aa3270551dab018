import Diagnostics
import Kbuild

/// Finds which diagnostics are new, by file, function, severity and message, never by line.
struct DiagnosticComparison {
  /// Outlines of the state before and the state after, to look up which function a line belongs to.
  let before: OutlineCache
  let after: OutlineCache

  /// Those of `now` that are new: warnings the state before did not give, and errors the base did not give.
  ///
  /// An error that the state before has too still counts, since the commit does not build; one the base has is not the
  /// series' doing.
  func new(
    in now: [Diagnostic], before earlier: [Diagnostic], base: [Diagnostic], baseOutlines: OutlineCache
  ) -> [Diagnostic] {
    var known = counts(earlier.filter { $0.severity == .warning }, before)
    for (key, count) in counts(base.filter { $0.severity == .error }, baseOutlines) { known[key] = count }
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
