import Diagnostics
import Kbuild
import Support
import Synchronization

/// Compiles the series in one lane.
struct LaneRun: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  let compilers: LaneCompilers
  /// By state.
  let plans: [Int: LanePlan]
  let progress: Progress
  let tool: CompileMatrix.Tool
  /// The sources that include a header at a state.
  let includers: CompileMatrix.Includers

  func run() async throws(Failure) -> CompileMatrix.Result {
    var plans = plans
    var commands = try await progress.step("Asking Kbuild how lane \(compilers.name) compiles") {
      () async throws(Failure) in
      try await self.commands(findingReadersFor: &plans)
    }
    var headers = HeaderRun.Result()
    if tool == .compiler {
      let run = HeaderRun(lane: self, commands: commands)
      headers = try await progress.step("Parsing headers by themselves in lane \(compilers.name)") {
        () async throws(Failure) in try await run.run()
      }
    }
    if !headers.affected.isEmpty {
      for (state, sources) in headers.affected { plans[state]?.affected.formUnion(sources) }
      commands = try await self.commands(plans)
    }
    let chains = chains(commands, plans)
    let outlines = ([FileChanges()] + states.map(\.overlay)).map { OutlineCache(TreeView(base: base, overlay: $0)) }
    let name = "\(tool.activity) in lane \(compilers.name)"
    let start = ContinuousClock.now
    progress.report(.began(name))
    let units = states.map { state in chains.count { $0.states.contains(state.index) } }
    progress.report(.matrix(.planned(column: compilers.name, units: units)))
    // Two chains of twenty states each may take minutes: it counts units.
    let counter = UnitCounter(of: units.reduce(0, +)) { [progress] done, total in
      progress.report(.advanced(name, done: done, total: total))
    }
    var results = try await concurrently(chains) { (chain) async throws(Failure) in
      try await run(chain, outlines, counter)
    }
    let waiting = results.indices.filter { results[$0].missesFile }
    if !waiting.isEmpty {
      try await makePrerequisites(waiting.map { chains[$0] })
      let again = try await concurrently(waiting.map { chains[$0] }) { (chain) async throws(Failure) in
        try await run(chain, outlines, counter)
      }
      for (index, result) in zip(waiting, again) { results[index] = result }
    }
    var all = CompileMatrix.Result()
    var objects = LaneObjects()
    for result in results {
      objects.add(result.objects)
      all.cells += result.cells
      all.seen.merge(result.seen) { $0.union($1) }
      all.work.add(result.work)
    }
    objects.add(try await removed(commands))
    all.objects[compilers.name] = objects
    all.seen.merge(headers.seen) { $0.union($1) }
    all.work.headers = headers.count
    all.work.unaffected = plans.map { state, plan in
      plan.unaffected - (headers.affected[state]?.subtracting(self.plans[state]?.affected ?? []).count ?? 0)
    }.reduce(0, +)
    let outcome =
      "\(Set(all.cells.map(\.source)).count.counted("source")), \(all.cells.count.counted("unit")), "
      + "\(all.work.compilations) compiled"
    progress.report(.matrix(.completed(column: compilers.name)))
    progress.report(.ended(name, outcome: outcome, seconds: (ContinuousClock.now - start).seconds))
    return all
  }

  /// How to compile what the plans name, with more includers of each changed header of which the lane builds none of
  /// those named so far, until it builds one.
  private func commands(
    findingReadersFor plans: inout [Int: LanePlan]
  ) async throws(Failure) -> [[String: [CompileCommand]]] {
    var commands = try await commands(plans)
    var count = UnitPlanner.candidates
    while true {
      var isComplete = true
      for (state, plan) in plans {
        guard let epoch = epoch(of: state) else { continue }
        for header in plan.changedHeaders where reader(of: header, plan, commands[epoch]) == nil {
          guard plan.headers[header]?.count == count else { continue }
          plans[state]?.headers[header] = Array(includers(header, state).sorted().prefix(count * 8))
          isComplete = false
        }
      }
      guard !isComplete else { return commands }
      count *= 8
      commands = try await self.commands(plans)
    }
  }

  /// The first of the named includers of a header that the lane builds.
  private func reader(of header: String, _ plan: LanePlan, _ commands: [String: [CompileCommand]]) -> String? {
    plan.headers[header]?.first { commands[$0]?.isEmpty == false }
  }

  func epoch(of state: Int) -> Int? { compilers.epochs.firstIndex { $0.epoch.states.contains(state) } }

  /// By epoch: how to compile each source that a state of the epoch, or the first state of the next one, affects.
  private func commands(_ plans: [Int: LanePlan]) async throws(Failure) -> [[String: [CompileCommand]]] {
    var result: [[String: [CompileCommand]]] = []
    for compiler in compilers.epochs {
      let states = compiler.epoch.states
      var sources: Set<String> = []
      for (state, plan) in plans where states.contains(state) || state == states.upperBound + 1 {
        sources.formUnion(plan.affected)
        for candidates in plan.headers.values { sources.formUnion(candidates) }
      }
      for state in self.states where states.contains(state.index - 1) { sources.formUnion(removedUnits(state)) }
      result.append(try await compiler.compiler.commands(for: sources.sorted()))
    }
    return result
  }

  /// An object, and how it is compiled at each state that affects it.
  struct Chain: Sendable {
    var source: String
    var object: String
    /// By epoch.
    var commands: [CompileCommand?]
    var states: [Int]
  }

  private func chains(_ commands: [[String: [CompileCommand]]], _ plans: [Int: LanePlan]) -> [Chain] {
    var chains: [String: Chain] = [:]
    for state in states {
      guard let plan = plans[state.index], let epoch = epoch(of: state.index) else { continue }
      // A header that only gains a declaration affects no source, but must still be read once.
      let readers = plan.changedHeaders.compactMap { reader(of: $0, plan, commands[epoch]) }
      for source in plan.affected.union(readers) {
        for command in commands[epoch][source] ?? [] {
          if chains[command.object] == nil {
            let all = commands.map { $0[source]?.first { $0.object == command.object } }
            chains[command.object] = Chain(source: source, object: command.object, commands: all, states: [])
          }
          chains[command.object]?.states.append(state.index)
        }
      }
    }
    return chains.values.sorted { $0.object < $1.object }
  }

  private func makePrerequisites(_ chains: [Chain]) async throws(Failure) {
    for (epoch, compiler) in compilers.epochs.enumerated() {
      let objects = chains.filter { $0.commands[epoch] != nil }.map(\.object)
      if !objects.isEmpty { try await compiler.compiler.makePrerequisites(of: objects) }
    }
  }

  struct ChainResult: Sendable {
    var cells: [CompileMatrix.Cell] = []
    var seen: [Int: Set<String>] = [:]
    var objects = LaneObjects()
    var work = CompileWork()
    var missesFile = false
  }

  /// Compiles one object through all states. The state before one is compiled only when there is something to compare.
  private func run(
    _ chain: Chain, _ outlines: [OutlineCache], _ counter: UnitCounter
  ) async throws(Failure) -> ChainResult {
    var all = ChainResult()
    // A unit that a commit breaks is compiled until it works again: the commits in between do not build either.
    var isBroken = false
    for state in states.map(\.index) where isBroken || chain.states.contains(state) {
      guard let answer = try await compile(chain, at: state) else { continue }
      all.work.count(answer)
      var cell = CompileMatrix.Cell(
        state: state, lane: compilers.name, source: chain.source, object: chain.object, isStored: answer.isStored,
        seconds: 0)
      switch answer.outcome {
      case .environment(let reason): cell.environment = reason
      case .missesFile:
        all.missesFile = true
        return all
      case .finished(let result):
        cell.seconds = answer.isStored ? 0 : result.seconds
        all.seen[state, default: []].formUnion(result.dependencies.union([chain.source]))
        if !result.isClean {
          try await compare(result, chain, &cell, &all, outlines)
          if all.missesFile { return all }
        }
        isBroken = !result.succeeded && !cell.isBrokenAtBase
        try await compareSymbols(result, chain, &cell, &all)
        if all.missesFile { return all }
      }
      all.cells.append(cell)
      counter.count()
      progress.report(.matrix(.done(column: compilers.name, row: state - 1, isBad: !cell.new.isEmpty)))
    }
    return all
  }

  /// Finds what is new in a result by comparing it with the state before and the base.
  private func compare(
    _ result: UnitResult, _ chain: Chain, _ cell: inout CompileMatrix.Cell, _ all: inout ChainResult,
    _ outlines: [OutlineCache]
  ) async throws(Failure) {
    var earlier: [UnitResult?] = []
    for state in [cell.state - 1, 0] {
      guard let answer = try await compile(chain, at: state) else {
        earlier.append(nil)
        continue
      }
      all.work.count(answer)
      switch answer.outcome {
      case .finished(let result): earlier.append(result)
      case .missesFile:
        all.missesFile = true
        return
      case .environment(let reason):
        cell.environment = reason
        return
      }
    }
    let base = earlier[1]
    // A failed compilation does not report every warning, so the base stands in for it.
    let isWhole = earlier[0]?.succeeded != false
    let before = isWhole ? earlier[0] : base
    let comparison = DiagnosticComparison(
      before: outlines[isWhole ? cell.state - 1 : 0], after: outlines[cell.state])
    cell.new = comparison.new(
      in: result.diagnostics, before: before?.diagnostics ?? [],
      errors: [(base?.diagnostics ?? [], outlines[0]), (earlier[0]?.diagnostics ?? [], outlines[cell.state - 1])])
    if !result.succeeded, !cell.new.contains(where: { $0.severity == .error }) {
      cell.isBrokenAtBase = base?.succeeded == false
      cell.isStillBroken = !cell.isBrokenAtBase
    }
  }

  /// Compiles the object at a state; nil where the state does not have the unit.
  func compile(
    _ chain: Chain, at state: Int, symbols: Bool = false
  ) async throws(Failure) -> StoredCompiler.Answer? {
    guard let command = command(chain, at: state) else { return nil }
    return try await compilers.at(state)?.compile(command, at: state, symbols: symbols)
  }

  /// How to compile the object at a state; nil where the state does not have the unit.
  func command(_ chain: Chain, at state: Int) -> CompileCommand? {
    guard let epoch = epoch(of: state), exists(chain.source, at: state) else { return nil }
    return chain.commands[epoch]
  }

  private func exists(_ source: String, at state: Int) -> Bool {
    state == 0 ? base.has(source) : TreeView(base: base, overlay: states[state - 1].overlay).has(source)
  }
}

/// Counts the units that are done in a lane.
private final class UnitCounter: Sendable {
  private let done = Atomic(0)
  private let total: Int
  private let report: @Sendable (_ done: Int, _ total: Int) -> Void

  init(of total: Int, report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) {
    (self.total, self.report) = (total, report)
  }

  /// A unit that stays broken is compiled at more states than are planned.
  func count() {
    report(min(done.add(1, ordering: .relaxed).newValue, total), total)
  }
}
