import CSource
import TreeIndex

/// Decides which sources a patch can affect, and why it cannot affect the others.
///
/// A changed source is affected, and so is every includer of a changed local header. A header under `include/` has too
/// many includers to compile them all. One of them is affected if, after preprocessing, it mentions an identifier whose
/// declaration changed. After preprocessing, a source mentions what is written in it, what the macros and inline
/// functions it names pass on to it, and what `##` forms from its words.
///
/// The text of the changed declarations themselves is read by every includer. Each lane parses the header by itself, and
/// one includer as a witness; where the header does not provide what its text uses, all includers are compiled
/// (`LaneRun`), and those that may read it otherwise always are (`HeaderContexts`).
struct UnitPlanner: Sendable {
  let base: BaseTree
  private let index: TreeIndex
  private let memory: IndexMemory
  private let headers = HeaderOutlines()

  init(base: BaseTree, index: TreeIndex) {
    self.base = base
    self.index = index
    memory = IndexMemory(index)
  }

  /// What a state affects in a lane.
  ///
  /// - Parameters:
  ///   - architecture: the folder under `arch/` that the lane compiles.
  ///   - exhaustive: whether everything that includes a changed header counts as affected.
  func plan(
    _ state: SeriesState, after earlier: SeriesState?, architecture: String, exhaustive: Bool = false
  ) -> LanePlan {
    let before = TreeView(base: base, overlay: earlier?.overlay ?? [:])
    let after = TreeView(base: base, overlay: state.overlay)
    let index = StateIndex(index, overlay: state.overlay, memory: memory)
    let changed = state.changed.filter(KernelPaths.mayBeCompiled)
    func includers(of headers: Set<String>) -> Set<String> {
      headers.isEmpty ? [] : index.includers(of: headers, architecture: architecture)
    }
    func sources(including headers: Set<String>) -> Set<String> {
      includers(of: headers).filter(KernelPaths.isUnit)
    }
    var unaffected: Set<String> = []
    // A local header that mentions what changed passes it on to its includers.
    func found(by search: MentionSearch) -> Set<String> {
      search.sources.union(sources(including: search.localHeaders))
        .union(sources(including: search.laterHeaders).intersection(unaffected))
    }
    func finished(_ plan: LanePlan) -> LanePlan {
      var plan = plan
      plan.affected = plan.affected.filter { after.has($0) && belongs($0, to: architecture) }
      plan.code.formIntersection(plan.affected)
      plan.unaffected = unaffected.subtracting(plan.affected).count
      return plan
    }

    let headers = Set(changed.filter(Self.isForEveryone))
    let units = Set(changed.filter(KernelPaths.isUnit))
    var plan = LanePlan(affected: units, code: units)
    let local = Set(changed.filter { !$0.hasSuffix(".S") }).subtracting(headers)
    plan.affected.formUnion(sources(including: local))
    plan.code.formUnion(
      sources(
        including: local.filter { path in
          let change = HeaderChange(from: before.contents(of: path), to: after.contents(of: path))
          return change.changesIncludes || !change.codeWords.isEmpty
        }))
    guard !headers.isEmpty else { return finished(plan) }
    let reach = includers(of: headers)
    unaffected = reach.filter(KernelPaths.isUnit)
    var mentions = MentionSearch(
      index: index, view: after, headers: self.headers, reach: reach.union(headers))
    var code = mentions
    var isBounded = !exhaustive
    let contexts = HeaderContexts(index: index, view: after, headers: self.headers, architecture: architecture)
    for path in headers {
      let change = HeaderChange(from: before.contents(of: path), to: after.contents(of: path))
      if isBounded, state.overlay[path] != .deleted {
        let disturbing = contexts.disturbing(path, change)
        let both = disturbing.union(sources(including: disturbing.filter { !KernelPaths.isUnit($0) }))
        plan.affected.formUnion(both.intersection(unaffected).intersection(sources(including: [path])))
      }
      if change.changesIncludes {
        let includers = sources(including: [path])
        plan.affected.formUnion(includers)
        plan.code.formUnion(includers)
      }
      mentions.add(change)
      code.addCode(change)
    }
    plan.code.formUnion(code.follow() ? found(by: code) : unaffected)
    isBounded = isBounded && mentions.follow()
    guard isBounded else {
      plan.affected.formUnion(unaffected)
      return finished(plan)
    }
    plan.affected.formUnion(found(by: mentions))
    for header in headers.union(mentions.touched) where state.overlay[header] != .deleted {
      let includers = sources(including: [header])
      let affected = plan.affected.intersection(includers)
      plan.headers[header] = Array(
        (affected.sorted() + includers.subtracting(affected).sorted()).prefix(Self.candidates))
    }
    plan.changedHeaders = headers.intersection(plan.headers.keys)
    return finished(plan)
  }

  /// The sources that include a header at a state.
  func sources(including header: String, at state: SeriesState, architecture: String) -> Set<String> {
    StateIndex(index, overlay: state.overlay, memory: memory).includers(of: [header], architecture: architecture)
      .filter { KernelPaths.isUnit($0) && belongs($0, to: architecture) }
  }

  /// How many includers of a header a plan names. Most lanes build one of that many; `LaneRun` asks for more where it
  /// has to.
  static let candidates = 24

  /// Whether a header may be included from anywhere, so that only what a source mentions shows that it is affected.
  static func isForEveryone(_ path: String) -> Bool {
    path.hasSuffix(".h") && (path.hasPrefix("include/") || path.contains("/include/"))
  }

  private func belongs(_ path: String, to architecture: String) -> Bool {
    !path.hasPrefix("arch/") || path.hasPrefix("arch/\(architecture)/")
  }
}

/// What a state affects in a lane.
struct LanePlan: Sendable, Codable {
  var affected: Set<String> = []
  /// The affected sources whose objects may come to refer to, or define, other symbols: more than types and prototypes
  /// changes for them.
  var code: Set<String> = []
  /// The sources that the state keeps but that the lane no longer builds.
  var dropped: Set<String> = []
  /// How many sources include a changed header but mention nothing that changed in it.
  var unaffected = 0
  /// The headers for everyone whose text changes or mentions what changes, each with sources that include it, affected
  /// ones first: how one of them is compiled tells how to parse the header by itself.
  var headers: [String: [String]] = [:]
  /// Those of `headers` whose text changes: one source that includes it has to be compiled.
  var changedHeaders: Set<String> = []
}
