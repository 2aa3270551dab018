import Diagnostics
import Kbuild

/// How the states of a series change the symbols of a lane's objects.
extension LaneRun {
  /// Compares an object's symbols with those of the state before, where the state changes code that goes into it.
  func compareSymbols(
    _ result: UnitResult, _ chain: Chain, _ cell: inout CompileMatrix.Cell, _ all: inout ChainResult
  ) async throws(Failure) {
    // Only a compiler makes objects.
    guard tool == .compiler, result.succeeded, plans[cell.state]?.code.contains(chain.source) == true,
      command(chain, at: cell.state) != nil
    else { return }
    var before: LinkedObject?
    // A unit that a state breaks links as it did before until a later state fixes it.
    for state in (0..<cell.state).reversed() {
      guard let known = try await object(chain, at: state, &cell, &all) else { return }
      before = known.object
      if known.isCompiled { break }
    }
    guard let after = try await object(chain, at: cell.state, &cell, &all) else { return }
    if all.objects.found.isEmpty, let before { all.objects.found = [before] }
    if before?.symbols != after.object?.symbols || before?.target != after.object?.target {
      all.objects.changes[cell.state, default: []].append(ObjectChange(before: before, after: after.object))
    }
  }

  /// The object at a state, none when it does not compile or is not built; nil when it is unknown.
  private func object(
    _ chain: Chain, at state: Int, _ cell: inout CompileMatrix.Cell, _ all: inout ChainResult
  ) async throws(Failure) -> (object: LinkedObject?, isCompiled: Bool)? {
    guard let target = command(chain, at: state)?.link, let answer = try await compile(chain, at: state, symbols: true)
    else { return (nil, true) }
    all.work.count(answer)
    switch answer.outcome {
    case .environment(let reason): cell.environment = reason
    case .missesFile: all.missesFile = true
    case .finished(let result) where result.succeeded && result.symbols == nil:
      cell.environment = "the object cannot be read, so what it links against is not known"
    case .finished(let result):
      let object = result.symbols.map {
        LinkedObject(object: chain.object, source: chain.source, target: target, symbols: $0, state: state)
      }
      return (object, result.succeeded)
    }
    return nil
  }

  /// The objects of the sources that each state removes.
  func removed(_ commands: [[String: [CompileCommand]]]) async throws(Failure) -> LaneObjects {
    var objects = LaneObjects()
    for state in states {
      guard let epoch = epoch(of: state.index - 1) else {
        continue
      }
      for command in removedUnits(state).flatMap({ commands[epoch][$0] ?? [] }) {
        let answer = try await compilers.epochs[epoch].compile(command, at: state.index - 1, symbols: true)
        guard let symbols = answer.symbols else { continue }
        let object = LinkedObject(
          object: command.object, source: command.source, target: command.link, symbols: symbols, state: state.index - 1
        )
        objects.changes[state.index, default: []].append(ObjectChange(before: object, after: nil))
      }
    }
    return objects
  }

  /// The units that a state removes.
  func removedUnits(_ state: SeriesState) -> [String] {
    state.changed.filter { state.overlay[$0] == .deleted && KernelPaths.isUnit($0) && KernelPaths.mayBeCompiled($0) }
      + (plans[state.index]?.dropped.sorted() ?? [])
  }
}
