import CSource
import TreeIndex

/// Finds the includers in which a header's changed text could read differently than by itself, for what they had
/// defined before they included it.
///
/// Parsed by itself, a header shows whether its own includes provide all that its text uses (`LaneRun`). If they do, an
/// includer reads the text in the same way, unless it sees a macro with the name of a word in it, or another declaration
/// of a name that it introduces.
struct HeaderContexts {
  let index: StateIndex
  let view: TreeView
  let headers: HeaderOutlines
  let architecture: String

  /// The sources and headers that define a macro, or declare a name again, so that the changed text may read differently
  /// after them.
  func disturbing(_ header: String, _ change: HeaderChange) -> Set<String> {
    let included = index.included(by: header, architecture: architecture)
    func others(_ paths: [String]?) -> [String] {
      (paths ?? []).filter { $0 != header && !included.contains($0) && belongs($0) }
    }
    let macros = index.paths(naming: Set(change.uses.map { "#" + $0 }))
    let names = index.paths(naming: change.introduced)
    var found: Set<String> = []
    for word in change.uses {
      found.formUnion(others(macros["#" + word]).filter { defines(word, in: $0) })
    }
    for word in change.introduced {
      found.formUnion(others(names[word]).filter { UnitPlanner.isForEveryone($0) && declares(word, in: $0) })
    }
    return found
  }

  private func belongs(_ path: String) -> Bool {
    !path.hasPrefix("arch/") || path.hasPrefix("arch/\(architecture)/")
  }

  /// Whether a source defines a macro of this name, unless it only does so where there is none.
  private func defines(_ word: String, in path: String) -> Bool {
    let lines = String(decoding: view.contents(of: path) ?? [], as: UTF8.self).split(separator: "\n")
    let definition = try? Regex(#"\s*#\s*define\s+\#(word)\b.*"#)
    let guardLine = try? Regex(#"\s*#\s*(ifndef\s+\#(word)|if\s+!\s*defined\s*\(?\s*\#(word)\s*\)?)\s*"#)
    guard let definition, let guardLine else { return true }
    return lines.indices.contains { index in
      lines[index].contains(word) && lines[index].wholeMatch(of: definition) != nil
        && (index == 0 || lines[index - 1].wholeMatch(of: guardLine) == nil)
    }
  }

  /// Whether a header declares the name for whoever includes it. A source that does so is affected already.
  private func declares(_ word: String, in path: String) -> Bool {
    headers.outline(of: path, in: view).items.contains {
      $0.kind != .member && $0.kind != .include && $0.names.contains(word)
    }
  }
}
