import Diagnostics
import Kbuild

/// A changed file that no check has looked at as a state has it.
struct UncheckedFile: Sendable, Hashable, Codable {
  var path: String
  /// The state that changes it.
  var state: Int
  /// The check that it belongs to.
  var check: CheckName
  /// Why no check has looked at it: "no lane compiles it".
  var why: String
  /// What would look at it: a lane, a depth, a program; nil when nothing is known to.
  var needs: String?

  /// What the report says: "no lane compiles this changed file".
  var message: String {
    why.hasSuffix(" it") ? why.dropLast(2) + "this changed file" : "no check looks at this changed file: \(why)"
  }
}

/// A changed file that nothing has to look at.
struct ExemptFile: Sendable, Hashable, Codable {
  var path: String
  var why: String
}

/// Which changed files the checks of a run have looked at. Each check adds those that it accounts for.
struct ChangedFiles: Sendable {
  let states: [SeriesState]
  let base: BaseTree
  private var seen: [Int: Set<String>] = [:]
  private var missed: [Int: [String: FileLook.Missing]] = [:]

  init(_ states: [SeriesState], base: BaseTree) {
    self.states = states
    self.base = base
  }

  /// Records files that a check has looked at as a state has them.
  mutating func note(_ paths: some Sequence<String>, at state: Int) { seen[state, default: []].formUnion(paths) }

  /// Records why a check could not look at a file.
  mutating func miss(_ path: String, at state: Int, _ missing: FileLook.Missing) {
    missed[state, default: [:]][path] = missing
  }

  /// The files that a state changes and that no check has looked at, sorted.
  func open(at state: SeriesState) -> [String] {
    let before = TreeView(base: base, overlay: state.index > 1 ? states[state.index - 2].overlay : [:])
    let after = TreeView(base: base, overlay: state.overlay)
    return state.changed.filter { path in
      if seen[state.index]?.contains(path) == true { return false }
      // Neither state has a regular file where a link or a submodule changes.
      guard before.has(path) || after.has(path) else { return true }
      // The structure rules judge a change of the mode alone.
      return before.has(path) != after.has(path) || before.contents(of: path) != after.contents(of: path)
    }
  }

  /// The files that are unchecked or exempt in the end.
  func account(
    explain: (String, SeriesState) -> (why: String, needs: String?)?
  ) -> (unchecked: [UncheckedFile], exempt: [ExemptFile]) {
    var unchecked: [UncheckedFile] = []
    var exempt: Set<ExemptFile> = []
    for state in states {
      for path in open(at: state) {
        let rule = FileRule.of(path)
        switch rule.answer {
        case .exempt(let why): exempt.insert(ExemptFile(path: path, why: why))
        case .unchecked(let needs):
          let (why, needs) =
            missed[state.index]?[path].map { ($0.why, $0.needs) } ?? explain(path, state)
            ?? ("no check looks at it", needs)
          unchecked.append(
            UncheckedFile(path: path, state: state.index, check: rule.check, why: why, needs: needs))
        }
      }
    }
    return (unchecked, exempt.sorted { $0.path < $1.path })
  }
}
