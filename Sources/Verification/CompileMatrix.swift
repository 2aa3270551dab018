import Diagnostics
import Kbuild

/// Compiles every affected unit of every state in every lane that builds it, and says what is new.
struct CompileMatrix: Sendable {
  let base: BaseTree
  let states: [SeriesState]
  /// By state index: the `.c` files a state affects.
  let plan: [Int: [String]]
  let progress: Progress

  /// A unit at a state in a lane.
  struct Cell: Sendable {
    var state: Int
    var lane: String
    var unit: String
    var cached: Bool
    var seconds: Double
    /// What is new here.
    var new: [Diagnostic]
    /// Why nothing is known; nil when something is.
    var environment: String?
  }

  struct Result: Sendable {
    var cells: [Cell] = []
    /// Files of the tree that some compiler read, the units among them.
    var seen: Set<String> = []
    /// Units that do not compile at the base: lane and unit.
    var brokenBase: [(lane: String, unit: String)] = []
    var commands: [String: [String: CompileCommand]] = [:]
  }

  func run(_ compilers: [StoredCompiler]) async throws(Failure) -> Result {
    let units = Set(plan.values.joined()).filter(base.has).sorted()
    let outcome = await withTaskGroup(of: Swift.Result<Result, Failure>.self) { group in
      for compiler in compilers {
        group.addTask {
          do throws(Failure) { return .success(try await run(compiler, units)) } catch { return .failure(error) }
        }
      }
      var all = Result()
      for await part in group {
        switch part {
        case .success(let result):
          all.cells += result.cells
          all.seen.formUnion(result.seen)
          all.brokenBase += result.brokenBase
          all.commands.merge(result.commands) { $1 }
        case .failure(let failure):
          group.cancelAll()
          return Swift.Result<Result, Failure>.failure(failure)
        }
      }
      return .success(all)
    }
    return try outcome.get()
  }

  private func run(_ compiler: StoredCompiler, _ units: [String]) async throws(Failure) -> Result {
    let lane = compiler.lane
    let baselines = try await progress.step("Compiling the base in lane \(lane)") { () async throws(Failure) in
      try await compiler.baseline(of: units)
    }
    var all = Result()
    var built: [(unit: String, command: CompileCommand, diagnostics: [Diagnostic])] = []
    for unit in units {
      switch baselines[unit] {
      case .built(let command, let diagnostics):
        built.append((unit, command, diagnostics))
        all.seen.formUnion(command.dependencies)
        all.seen.insert(unit)
        all.commands[compiler.lane, default: [:]][unit] = command
      case .failed: all.brokenBase.append((compiler.lane, unit))
      case .notConfigured, nil: break
      }
    }
    let plan = witnessed(built.map { ($0.unit, $0.command) })
    let outlines = ([FileChanges()] + states.map(\.overlay)).map { OutlineCache(TreeView(base: base, overlay: $0)) }
    let name = "Compiling the series in lane \(lane)"
    let start = ContinuousClock.now
    progress.report(.began(name))
    let outcome = await withTaskGroup(of: Swift.Result<([Cell], Set<String>), Failure>.self) { group in
      for (unit, command, diagnostics) in built {
        group.addTask {
          do throws(Failure) {
            return .success(try await chain(unit, command, diagnostics, plan, compiler, outlines))
          } catch {
            return .failure(error)
          }
        }
      }
      var cells: [Cell] = []
      var seen: Set<String> = []
      var done = 0
      for await part in group {
        done += 1
        progress.report(.advanced(name, done: done, total: built.count))
        switch part {
        case .success(let (found, read)):
          cells += found
          seen.formUnion(read)
        case .failure(let failure):
          group.cancelAll()
          return Swift.Result<([Cell], Set<String>), Failure>.failure(failure)
        }
      }
      return .success((cells, seen))
    }
    let (cells, seen) = try outcome.get()
    progress.report(
      .ended(
        name, outcome: "\(built.count) files, \(cells.count) units", seconds: (ContinuousClock.now - start).seconds))
    all.cells = cells
    all.seen.formUnion(seen)
    return all
  }

  /// The lane's plan: what a state affects, and for each changed header at least one unit that includes it.
  ///
  /// A header that only gains a declaration affects nobody by name, and still has to parse.
  private func witnessed(_ built: [(unit: String, command: CompileCommand)]) -> [Int: Set<String>] {
    var lanePlan = plan.mapValues(Set.init)
    let including = Dictionary(uniqueKeysWithValues: built.map { ($0.unit, Set($0.command.dependencies)) })
    let units = including.keys.sorted()
    for state in states {
      for header in state.changed where header.hasSuffix(".h") && state.overlay[header] != .deleted {
        let planned = lanePlan[state.index] ?? []
        if planned.contains(where: { including[$0]?.contains(header) == true }) { continue }
        if let witness = units.first(where: { including[$0]?.contains(header) == true }) {
          lanePlan[state.index, default: []].insert(witness)
        }
      }
    }
    return lanePlan
  }

  /// One unit in one lane through all states: each "after" is the next "before".
  private func chain(
    _ unit: String, _ command: CompileCommand, _ atBase: [Diagnostic], _ plan: [Int: Set<String>],
    _ compiler: StoredCompiler, _ outlines: [OutlineCache]
  ) async throws(Failure) -> ([Cell], Set<String>) {
    var cells: [Cell] = []
    var seen: Set<String> = []
    var previous = UnitResult(succeeded: true, diagnostics: atBase, dependencies: command.dependencies)
    var at = 0
    for state in states where plan[state.index]?.contains(unit) == true {
      guard state.overlay[unit] != .deleted else { continue }
      let overlayBefore = at == 0 ? [:] : states[at - 1].overlay
      if previous.succeeded, Self.same(overlayBefore, state.overlay, for: previous.dependencies, base) { continue }
      let (outcome, cached) = try await compiler.compile(command, at: state)
      var cell = Cell(
        state: state.index, lane: compiler.lane, unit: unit, cached: cached, seconds: 0, new: [], environment: nil)
      switch outcome {
      case .environment(let reason): cell.environment = reason
      case .finished(let result):
        let comparison = DiagnosticComparison(before: outlines[at], after: outlines[state.index])
        cell.new = comparison.new(
          in: result.diagnostics, before: previous.diagnostics, base: atBase, baseOutlines: outlines[0])
        cell.seconds = cached ? 0 : result.seconds
        seen.formUnion(result.dependencies)
        previous = result
        at = state.index
      }
      cells.append(cell)
    }
    return (cells, seen)
  }

  /// Whether a unit that read `dependencies` reads the same text in both states.
  ///
  /// A file that only one of them adds might be found before one that was read, so added files have to be the same.
  private static func same(
    _ one: FileChanges, _ other: FileChanges, for dependencies: [String], _ base: BaseTree
  ) -> Bool {
    let differing = Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }
    guard differing.allSatisfy(base.has) else { return false }
    return dependencies.allSatisfy { !differing.contains($0) }
  }
}
